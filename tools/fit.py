"""Fit the models of remodeling again and print what they get right and wrong: `make fit`.

The work is in bonebook/fit.py; here it is shown, the fit beside what the table holds.
"""

import pandas as pd

from bonebook import fit, remodeling
from bonebook.tables import index, row
from press import console


def main() -> None:
    pd.set_option("display.width", 150, "display.max_columns", None)
    for model in fit.FREE:
        found = fit.estimates(model)
        stored = remodeling.parameters(model.partition(",")[0])
        prefix = "mp-rs-" if model == "remodeling space" else "mp-lem-"
        ids = [prefix + name.lower().replace("_", "-") for name in found.index]
        errors = [row(id)["se"] if id in index() else "" for id in ids]
        shown = fit.fitted(model, found["value"])
        print(
            f"{model}\n{found.assign(stored=pd.Series(stored), stored_se=errors).round(4)}\n"
        )
        print(_text(shown, "what", "published", "sigma", "model", "residual"))
        print(f"chi-squared {fit.chi2(shown):.2f}, {len(found)} free numbers\n")
    space = remodeling.parameters()["G"] * remodeling.parameters()["tau_f"]
    print(f"Remodeling space G tau_F: {space:.2f} % of spine density\n")
    words = "what", "published", "model", "unit"
    print(
        f"Held out\n{_text(fit.held_out(), *words, 'se', 'ci_low', 'ci_high', 'sd')}\n"
    )
    print(f"Misses\n{_text(fit.misses(), *words)}")


def _text(rows: pd.DataFrame, *columns: str) -> str:
    return rows[list(columns)].round(2).to_string(index=False, na_rep="")


if __name__ == "__main__":
    console.speak()
    main()
