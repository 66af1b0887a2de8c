"""What the words of an id say of its row: drug, dose, outcome, sort of number, months."""

import re
from collections.abc import Iterator

from .cross_cells import ASKED, Found, Rows, every, kind, number
from .report import Row

#: What a word of an id says of its arm: the drugs it may be, and the digits after it the dose in mg.
ARMS = {
    "rlx": "raloxifene",
    "tam": "tamoxifen",
    "bza": "bazedoxifene",
    "lsf": "lasofoxifene",
    "osp": "ospemifene",
    "arz": "arzoxifene",
    "tor": "toremifene",
    "aln": "alendronate",
    "ana": "anastrozole",
    "plac": "placebo",
    "let": "letrozole",
    "deno": "denosumab",
    "cee": "conjugated-estrogens cee-mpa",
    "ept": "cee-mpa",
    "tsec": "bazedoxifene-ce",
    "cad": "calcium-vitamin-d",
    "k1": "vitamin-k1",
    "vitd": "vitamin-d3",
    "zol": "zol",
    "romo": "romosozumab",
    "gos": "goserelin",
    "tptd": "teriparatide",
    "omega": "omega-3",
    "ai": "aromatase-inhibitors",
    "cmf": "cmf",
    "dairy": "dairy-foods",
    "cal": "calcitriol",
    "oral": "oral-estrogen",
    "transdermal": "transdermal-estrogen",
    "ris": "risedronate",
    "stop": "none",
    "none": "none",
    "control": "none",
    "usual": "none",
    "serm": "raloxifene tamoxifen lasofoxifene arzoxifene serm-class",
}
#: Drugs that a title or a sentence would name.
DRUGS = {
    *("raloxifene", "tamoxifen", "bazedoxifene", "lasofoxifene", "ospemifene"),
    *("arzoxifene", "toremifene", "alendronate", "anastrozole", "letrozole"),
    *("denosumab", "romosozumab", "teriparatide", "goserelin"),
}
#: Words that say of which arm a row is where it is of that drug; elsewhere they say what both arms took.
OF_ITS_DRUG = {"ht": "hormone-therapy"}
#: Doses that stand alone in an id, as they are written in the row.
DOSES = {"025": "0.25", "05": "0.5", "045": "0.45", "0625": "0.625"}
#: Words of an id that say of which arm its row is, and so do not tell rows of one question apart.
ARM = re.compile(
    rf"(?:{'|'.join(ARMS)})\d*|{'|'.join(DOSES)}|10|ctl|con|ep|any|d|combo|hirit|ex|iso|exiso|rd?|high|low|untreated|estrogen"
)
#: Words of an id that say what sort of number its row has.
SORTS = {
    "hr": "hazard ratio",
    "rh": "hazard ratio",
    "rr": "relative risk|rate ratio|relative risk reduction",
    "or": "odds ratio",
    "rate": "rate|rate difference",
    "risk": "risk",
    "rrr": "relative risk reduction",
    "reduction": "relative risk reduction",
    "ard": "risk difference|rate difference",
    "nnt": "number needed to treat",
    "nnh": "number needed to harm",
    "events": "count",
    "count": "count",
    "diff": "difference between arms|rate difference",
    "explained": "share",
    "r2": "share",
    "responder": "share of women",
    "interaction": "interaction p value",
}
#: Words of an id that say what was counted or measured: a pattern for the column of ASKED.
THINGS = {
    "outcomes": {
        "vfx": "^vertebral fracture",
        "clinvfx": r"^vertebral fracture \(clinical\)",
        "vert": "^vertebral fracture",
        "nvfx": "^non-vertebral fracture",
        "nonvert": "^non-vertebral fracture",
        "hip": "^hip fracture",
        "wrist": "^wrist fracture",
        "fx": "fracture",
        "anyfx": "^any fracture$",
        "totalfx": "^any fracture$",
        "anyclin": r"^any fracture \(clinical\)",
        "vte": "^venous thromboembolism",
        "te": "^venous thromboembolism",
        "dvt": "^deep vein",
        "pe": "^pulmonary embolism",
        "stroke": "^stroke",
        "fatalstroke": "^fatal stroke",
        "hstroke": "^hemorrhagic",
        "tstroke": "^thromboembolic",
        "chd": "^coronary events",
        "cv": "^cardiovascular|^coronary and",
        "death": "^death",
        "mort": "^death$",
        "mortality": "^death$",
        "os": "^death$",
        "bcdeath": "^breast cancer death",
        "dfs": "^breast cancer event or death",
        "recur": "^breast cancer recurrence",
        "invbc": "^invasive breast",
        "ibc": "^invasive breast",
        "noninvbc": "^noninvasive",
        "allbc": "^breast cancer, all",
        "bc": "breast cancer",
        "breast": "breast cancer",
        "dcis": "^noninvasive|^ductal",
        "erpos": "^ER-positive",
        "erneg": "^ER-negative",
        "endo": "^endometrial cancer",
        "endoca": "^endometrial cancer",
        "endometrial": "^endometrial cancer",
        "uterca": "^uterine cancer",
        "sarcoma": "^uterine sarcoma",
        "ovca": "^ovarian",
        "othca": "^other cancer",
        "hyper": "^endometrial hyperplasia",
        "hyperplasia": "^endometrial hyperplasia",
        "atypia": "with atypia",
        "polyp": "polyps",
        "thick": "^endometrial thickness",
        "bleed": "bleeding",
        "hysterectomy": "^hysterectomy",
        "cat": "^cataract",
        "cataract": "^cataract$",
        "catsurgery": "^cataract surgery",
        "hf": "^hot flashes$",
        "hotflash": "hot flashes",
        "hotflush": "hot flashes",
        "vasomotor": "hot flashes",
        "r50": "50 % fewer",
        "r75": "75 % fewer",
        "falls": "^falls",
        "stones": "^kidney stones",
        "edema": "edema",
        "legcramp": "^leg cramps",
        "gallbladder": "^gallbladder",
        "ph": "pH",
        "dry": "dryness",
        "dysp": "painful",
        "vaginitis": "^vaginitis",
    },
    "bmd_change": {
        "ls": "^lumbar spine",
        "spine": "^lumbar spine",
        "th": "^total hip",
        "fn": "^femoral neck",
        "tb": "^total body",
        "wb": "^total body",
        "body": "^total body",
        "hip": "hip",
        "troch": "^trochanter",
        "rad": "^forearm",
        "forearm": "^forearm",
    },
    "markers": {
        "ldl": "^LDL",
        "hdl": "^HDL",
        "tc": "^total cholesterol",
        "chol": "^total cholesterol",
        "tg": "^triglycerides",
        "lpa": "^lipoprotein",
        "fib": "^fibrinogen",
        "fibrinogen": "^fibrinogen",
        "protc": "^protein C",
        "crp": "^C-reactive",
        "ctx": "CTX",
        "ntx": "NTX",
        "oc": "^osteocalcin",
        "pinp": "^PINP",
        "bap": "^bone-specific",
        "alp": "^alkaline",
        "pyd": "pyridinolines",
        "pth": "^PTH",
        "sost": "^sclerostin",
        "avc": "^aortic",
    },
}
_SITES = THINGS["bmd_change"]
THINGS["loading_trials"] = _SITES
#: The same for tables that have one such column of another name.
OTHERS = {
    "menopause_loss": ("site", _SITES),
    "scan_precision": ("site", _SITES),
    "affinities": ("receptor", {"a": "ERα", "b": "ERβ"}),
    "approvals": ("region", {"eu": "EU", "us": "US", "jp": "Japan"}),
    "foods": (
        "nutrient",
        {"ca": "calcium", "mg": "magnesium", "vk": "vitamin K", "d": "vitamin D"},
    ),
}
MONTHS = re.compile(r"(\d+)(mo|m|y|w)|y(\d+)")
IN_MONTHS = {"mo": 1, "m": 1, "y": 12, "w": 12 / 52.2}


def words(row: Row) -> list[str]:
    """The words of an id after the study's own."""
    return row["id"].removeprefix(row.get("study", "")).strip("-").split("-")


def drug_of(word: str) -> tuple[str, str]:
    """A word of an id as letters and the digits behind them; k1 is a vitamin and no dose."""
    match = re.fullmatch(r"([a-z]+?)(\d+)", word)
    return (match[1], match[2]) if match and word not in ARMS else (word, "")


def of_arm(word: str, row: Row) -> bool:
    """Whether a word of an id says of which arm its row is."""
    dose = word.isdigit() and word == row.get("dose_mg")
    drug = row.get("drug", "")
    own = drug == word or drug.startswith(OF_ITS_DRUG.get(word, "~"))
    return bool(ARM.fullmatch(word) or dose or own)


def arms(rows: Rows) -> Iterator[Found]:
    """The drug and the dose in an id are those of its row."""
    for at in every(rows, *ASKED, "approvals"):
        row = at.row
        if "drug" not in row:
            continue
        both = f"{row['drug']} {row.get('comparator', '')}"
        dosed, regimen = row.get("dose_mg", ""), row.get("regimen", "")
        for word in words(row):
            if (bare := DOSES.get(word, dosed)) not in (dosed, *regimen.split()):
                yield at.says("dose_mg", f"{bare} mg, as the id says", dosed or regimen)
            name, dose = drug_of(word)
            drugs = ARMS.get(name, "").split()
            if not any(drug in both for drug in drugs):
                if drugs:
                    expected = f"{' or '.join(drugs)}, as the id says"
                    yield at.says("drug", expected)
            elif dose and dosed and any(drug in row["drug"] for drug in drugs):
                # lasofoxifene's doses are fractions: lsf05, lsf025 and lsf10 are 0.5, 0.25 and 1 mg
                point = f"{dose[0]}.{dose[1:]}" if name == "lsf" else dose
                if number(row, "dose_mg") != float(point):
                    yield at.says("dose_mg", f"{float(point):g} mg, as the id says")


def things(rows: Rows) -> Iterator[Found]:
    """What was counted or measured, the sort of number and the months in an id are those of its row."""
    for at in every(rows, *ASKED, *OTHERS):
        row = at.row
        column, known = OTHERS.get(at.table) or (ASKED[at.table], THINGS[at.table])
        for word in words(row):
            if word in known and not re.search(known[word], row[column]):
                yield at.says(column, f"what `{word}` in the id stands for")
            if at.table not in ASKED:
                continue
            if word in SORTS and not re.fullmatch(SORTS[word], kind(row)):
                where = "measure" if "measure" in row else "statistic"
                expected = f"{SORTS[word].replace('|', ' or ')}, as the id says"
                yield at.says(where, expected)
            match, months = MONTHS.fullmatch(word), number(row, "months")
            if match and months:
                told = int(match[1] or match[3]) * IN_MONTHS[match[2] or "y"]
                if abs(months - told) > 0.6:
                    yield at.says("months", f"{told:.0f}, as the id says")


RULES = {
    "id and arm": arms,
    "id and outcome": things,
}
