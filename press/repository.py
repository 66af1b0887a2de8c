"""The address of the repository of a book, as BOOK_REPOSITORY names it, on GitHub, GitLab or another host: what is built from it.

GitLab has groups in groups (https://gitlab.com/group/subgroup/name), GitHub has none. Nothing here needs Sphinx.
"""

from urllib.parse import quote, urlencode, urlsplit

FORM = "https://github.com/owner/name or https://gitlab.com/group/subgroup/name"


class AddressError(ValueError):
    """The address is none that a book could be kept at; its words say what is wanted."""


class Repository:
    """Repository("https://gitlab.com/uni/nursing/serms"). Raises AddressError.

    `address` is written without a slash or `.git` at its end; `host` and `path` are its parts.
    """

    def __init__(self, address: str):
        parts = urlsplit(address.strip())
        if "@" in parts.netloc:
            raise AddressError(
                "BOOK_REPOSITORY holds a user or a token before the @, which would stand on every page. "
                f"Write it without: https://{parts.netloc.rpartition('@')[2]}{parts.path}"
            )
        path = parts.path.strip("/").removesuffix(".git")
        names = path.split("/")
        host = parts.netloc.lower()
        wrong = (
            parts.scheme != "https"
            or not host
            or len(names) < 2
            or not all(names)
            or (host == "github.com" and len(names) != 2)
            or parts.query
            or parts.fragment
        )
        if wrong:
            raise AddressError(
                f"BOOK_REPOSITORY must be an address such as {FORM}, and it is {address!r}."
            )
        self.host, self.path = host, path
        self.address = f"https://{host}/{path}"

    @property
    def name(self) -> str:
        """`serms`, the folder that a clone makes."""
        return self.path.rpartition("/")[2]

    @property
    def kind(self) -> str:
        """`github`, `gitlab`, or `other` (Forgejo and Gitea write their addresses as GitHub does)."""
        first = self.host.partition(".")[0]
        if self.host == "github.com":
            return "github"
        return "gitlab" if first == "gitlab" or self.path.count("/") > 1 else "other"

    def binder(self) -> str:
        """What Binder calls the repository: `gh/owner/name`, and any other host's by its whole address."""
        if self.kind == "github":
            return f"gh/{self.path}"
        return f"git/{quote(self.address, safe='')}"

    def issue(self, title: str, body: str) -> str:
        """The address that opens a new issue with this title and text."""
        if self.kind == "gitlab":
            words = urlencode(
                {"issue[title]": title, "issue[description]": body}, quote_via=quote
            )
            return f"{self.address}/-/issues/new?{words}"
        words = urlencode({"title": title, "body": body}, quote_via=quote)
        return f"{self.address}/issues/new?{words}"
