"""Your plate, your day: foods and tablets against the reference amount and the limit.

Adds the servings of data/foods.csv and compares the sums with data/nutrients.csv;
nothing is estimated. A nutrient that the table does not give for a food counts as
nothing, so the sums are floors.
"""

import altair as alt

from bonebook import style
from bonebook.tables import row
from explorables.kit import Choice, Count, Explorable, Number, Slider, data, held

#: Food on the plate: its label, what the rows of data/foods.csv say of it (`*` is
#: anything) and of one serving, and the rows.
FOODS = {
    "milk": (
        "Milk, 1 %, fortified: cups",
        ("milk, 1 %*", "1 cup"),
        ["food-ca-milk1", "food-protein-milk", "food-d-milk1"],
    ),
    "yogurt": (
        "Yogurt, low fat: 8-ounce cups",
        ("yogurt, plain, low fat", "8 ounces"),
        ["food-ca-yogurt-lowfat", "food-protein-yogurt"],
    ),
    "cheddar": (
        "Cheddar: ounces",
        ("cheddar cheese", "1 ounce"),
        ["food-ca-cheddar", "food-protein-cheddar"],
    ),
    "soy": (
        "Soy drink, fortified: cups",
        ("soy drink, unsweetened, fortified", "1 cup"),
        ["food-ca-soymilk", "food-d-soymilk"],
    ),
    "sardines": (
        "Sardines with bones: 3 ounces",
        ("sardines*with bones", "3 ounces"),
        ["food-ca-sardines"],
    ),
    "salmon": (
        "Sockeye salmon: 3 ounces",
        ("sockeye salmon, cooked", "3 ounces"),
        ["food-d-salmon", "food-protein-salmon"],
    ),
    "egg": (
        "Eggs",
        ("egg, hard boiled", "1 large"),
        ["food-d-egg", "food-protein-egg"],
    ),
    "chicken": (
        "Chicken breast: 3 ounces",
        ("chicken breast*", "3 ounces"),
        ["food-protein-chicken"],
    ),
    "tofu": (
        "Tofu, firm, calcium-set: half cups",
        ("tofu, firm*", "half a cup"),
        ["food-ca-tofu", "food-protein-tofu"],
    ),
    "beans": (
        "Black beans: half cups",
        ("black beans, cooked", "half a cup"),
        ["food-mg-blackbeans", "food-protein-blackbeans"],
    ),
    "kale": ("Kale, cooked: cups", ("kale, cooked", "1 cup"), ["food-ca-kale"]),
    "almonds": (
        "Almonds: ounces",
        ("almonds, dry roasted", "1 ounce"),
        ["food-ca-almonds", "food-mg-almonds", "food-protein-almonds"],
    ),
    "juice": (
        "Orange juice, fortified: cups",
        ("orange juice*fortified", "1 cup"),
        ["food-ca-orange-juice", "food-d-orange-juice"],
    ),
}
START = {"milk": 1, "yogurt": 1, "egg": 1, "chicken": 1, "kale": 1, "almonds": 1}
EMPTY = {**dict.fromkeys(FOODS, 0), "tablet_calcium": 0, "tablet_d": 0}
UNITS = {"calcium": "mg", "vitamin D": "IU", "magnesium": "mg", "protein": "g"}
COLORS = {False: style.BENEFIT, True: style.HARM}  # of a bar past the limit, or not
#: What the rows say of the women of a group, where they do not hold for all adults.
GROUPS = {
    "51": ("women 51 to 70", "women over 30", "women over 50", "adults"),
    "71": ("women over 70", "women over 30", "women over 50", "adults"),
}
NEEDS = {
    "51": {
        "calcium": "nutrient-dri-ca-rda-w51",
        "vitamin D": "nutrient-dri-d-rda-w51",
        "magnesium": "nutrient-dri-mg-rda-w31",
    },
    "71": {
        "calcium": "nutrient-dri-ca-rda-w71",
        "vitamin D": "nutrient-dri-d-rda-w71",
        "magnesium": "nutrient-dri-mg-rda-w31",
    },
}
LIMITS = {
    "51": {"calcium": "nutrient-dri-ca-ul-w51", "vitamin D": "nutrient-dri-d-ul"},
    "71": {"calcium": "nutrient-dri-ca-ul-w71", "vitamin D": "nutrient-dri-d-ul"},
}
LIMITED = {nutrient for limits in LIMITS.values() for nutrient in limits}


def given():
    return {
        "foods": {
            food: {row(id)["nutrient"]: _amount(id, *says) for id in ids}
            for food, (_, says, ids) in FOODS.items()
        },
        "tablets": {"tablet_calcium": "calcium", "tablet_d": "vitamin D"},
        "nutrients": list(UNITS),
        "needs": {
            group: {
                nutrient: _daily(id, nutrient, "requirement", group)
                for nutrient, id in ids.items()
            }
            for group, ids in NEEDS.items()
        },
        "limits": {
            group: {
                nutrient: _daily(id, nutrient, "upper limit", group)
                for nutrient, id in ids.items()
            }
            for group, ids in LIMITS.items()
        },
        "protein": held(
            "nutrient-dri-protein-rda",
            nutrient="protein",
            kind="requirement",
            unit="g/kg/day",
        ),
    }


def _amount(id, food, serving):
    """What one serving holds, in the unit in which the plate adds."""
    unit = UNITS[row(id)["nutrient"]]
    return held(id, food=food, serving=serving, unit=unit)


def _daily(id, nutrient, kind, group):
    """An amount a day for the women of a group, by the North American authority."""
    words = row(id)["group"]
    if words not in GROUPS[group]:
        raise ValueError(f"The row {id} is of {words} and not of the group {group}.")
    says = {"nutrient": nutrient, "kind": kind, "authority": "US and Canada*"}
    return held(id, **says, unit=f"{UNITS[nutrient]}/day")


def answer(settings, given):
    """Servings by food; `group`: 51 or 71; `weight` in kg; tablets in mg and IU."""
    totals = dict.fromkeys(given["nutrients"], 0)
    for food, content in given["foods"].items():
        for nutrient, amount in content.items():
            totals[nutrient] += settings[food] * amount
    for tablet, nutrient in given["tablets"].items():
        totals[nutrient] += settings[tablet]
    needs = {
        **given["needs"][settings["group"]],
        "protein": given["protein"] * settings["weight"],
    }
    limits = given["limits"][settings["group"]]
    bars, marks, numbers, say = [], [], {}, ["start"]
    for nutrient, total in totals.items():
        need, limit = needs[nutrient], limits.get(nutrient)
        past = limit is not None and total > limit
        share = 100 * total / need
        bars.append({"nutrient": nutrient, "share": share, "past": past})
        numbers |= {
            f"{nutrient}-total": total,
            f"{nutrient}-need": need,
            f"{nutrient}-share": share,
        }
        if limit is not None:
            marks.append({"nutrient": nutrient, "share": 100 * limit / need})
            numbers[f"{nutrient}-limit"] = limit
        say.append(f"{nutrient}-past" if past else nutrient)
    return {
        "rows": {"bars": bars, "limits": marks, "full": [{"share": 100}]},
        "numbers": numbers,
        "say": say,
    }


def chart():
    x = alt.X(
        "share:Q",
        title="% of the reference amount a day",
        scale=alt.Scale(domainMin=0, nice=True),
    )
    y = alt.Y(
        "nutrient:N",
        sort=list(UNITS),
        title=None,
        axis=alt.Axis(domain=False, ticks=False, minExtent=84),
    )
    colors = alt.Scale(domain=list(COLORS), range=list(COLORS.values()))
    bars = (
        alt.Chart(data("bars"))
        .mark_bar(height=20)
        .encode(x=x, y=y, color=alt.Color("past:N", legend=None, scale=colors))
    )
    full = alt.Chart(data("full")).mark_rule(color=style.INK, strokeWidth=2).encode(x=x)
    limits = (
        alt.Chart(data("limits"))
        .mark_tick(color=style.HARM, thickness=4, size=34, opacity=1)
        .encode(x=x, y=y)
    )
    words = (
        alt.Chart(data("limits"))
        .mark_text(align="center", dy=-24, fontSize=12, color=style.HARM)
        .encode(x=x, y=y, text=alt.value("limit"))
    )
    return (bars + full + limits + words).properties(height=260)


def _numbers(nutrient, unit):
    lines = [
        Number(f"{nutrient}-total", f"{nutrient}: on the plate", unit),
        Number(f"{nutrient}-need", f"{nutrient}: reference amount a day", unit),
        Number(f"{nutrient}-share", f"{nutrient}: share of the reference amount", "%"),
    ]
    if nutrient in LIMITED:
        label = f"{nutrient}: upper limit a day"
        lines.append(Number(f"{nutrient}-limit", label, unit))
    return lines


def _sentences(nutrient, unit):
    total = f"{nutrient} {{{nutrient}-total}} {unit}"
    text = f"{total}, {{{nutrient}-share}} % of the reference amount"
    end = "." if nutrient == list(UNITS)[-1] else ";"
    texts = {nutrient: f"{text}{end}"}
    if nutrient in LIMITED:
        texts[f"{nutrient}-past"] = f"{text}, past the upper limit{end}"
    return texts


EXPLORABLE = Explorable(
    name="your-plate",
    title="Your plate, your day",
    controls=[
        Choice(
            "group",
            "Reference amounts for",
            {"51": "a woman of 51 to 70", "71": "a woman over 70"},
            "51",
        ),
        Slider("weight", "Body weight (for protein)", 40, 110, 1, 65, "kg"),
        *(
            Count(key, label, 6, START.get(key, 0))
            for key, (label, *_) in FOODS.items()
        ),
        Slider("tablet_calcium", "Calcium from tablets", 0, 2000, 50, 0, "mg"),
        Slider("tablet_d", "Vitamin D from tablets or drops", 0, 5000, 100, 0, "IU"),
    ],
    numbers=[line for nutrient in UNITS.items() for line in _numbers(*nutrient)],
    sentences={
        "start": "This day adds up to:",
        **{
            key: text
            for nutrient in UNITS.items()
            for key, text in _sentences(*nutrient).items()
        },
    },
    given=given,
    answer=answer,
    chart=chart,
    presets={
        "A plate to start from": {**EMPTY, **START},
        "Empty plate": EMPTY,
    },
)
