"""Your plate, your day: foods and tablets against the reference amount and the limit.

Adds the servings of data/foods.csv and compares the sums with data/nutrients.csv;
nothing is estimated. A nutrient that the table does not give for a food counts as
nothing, so the sums are floors.
"""

import altair as alt

from bonebook import style
from bonebook.tables import row, value
from explorables.kit import Choice, Count, Explorable, Number, Slider, data

#: Food on the plate: its label, and the rows of data/foods.csv for one serving of it.
FOODS = {
    "milk": (
        "Milk, 1 %, fortified: cups",
        ["food-ca-milk1", "food-protein-milk", "food-d-milk1"],
    ),
    "yogurt": (
        "Yogurt, low fat: 8-ounce cups",
        ["food-ca-yogurt-lowfat", "food-protein-yogurt"],
    ),
    "cheddar": ("Cheddar: ounces", ["food-ca-cheddar", "food-protein-cheddar"]),
    "soy": ("Soy drink, fortified: cups", ["food-ca-soymilk", "food-d-soymilk"]),
    "sardines": ("Sardines with bones: 3 ounces", ["food-ca-sardines"]),
    "salmon": ("Sockeye salmon: 3 ounces", ["food-d-salmon", "food-protein-salmon"]),
    "egg": ("Eggs", ["food-d-egg", "food-protein-egg"]),
    "chicken": ("Chicken breast: 3 ounces", ["food-protein-chicken"]),
    "tofu": (
        "Tofu, firm, calcium-set: half cups",
        ["food-ca-tofu", "food-protein-tofu"],
    ),
    "beans": (
        "Black beans: half cups",
        ["food-mg-blackbeans", "food-protein-blackbeans"],
    ),
    "kale": ("Kale, cooked: cups", ["food-ca-kale"]),
    "almonds": (
        "Almonds: ounces",
        ["food-ca-almonds", "food-mg-almonds", "food-protein-almonds"],
    ),
    "juice": (
        "Orange juice, fortified: cups",
        ["food-ca-orange-juice", "food-d-orange-juice"],
    ),
}
START = {"milk": 1, "yogurt": 1, "egg": 1, "chicken": 1, "kale": 1, "almonds": 1}
EMPTY = {**dict.fromkeys(FOODS, 0), "tablet_calcium": 0, "tablet_d": 0}
UNITS = {"calcium": "mg", "vitamin D": "IU", "magnesium": "mg", "protein": "g"}
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
            food: {row(id)["nutrient"]: _amount(id) for id in ids}
            for food, (_, ids) in FOODS.items()
        },
        "tablets": {"tablet_calcium": "calcium", "tablet_d": "vitamin D"},
        "nutrients": list(UNITS),
        "needs": {
            group: {nutrient: value(id) for nutrient, id in ids.items()}
            for group, ids in NEEDS.items()
        },
        "limits": {
            group: {nutrient: value(id) for nutrient, id in ids.items()}
            for group, ids in LIMITS.items()
        },
        "protein": value("nutrient-dri-protein-rda"),  # a kilogram of body weight
    }


def _amount(id):
    """What one serving holds; ValueError where a row has another unit than the plate."""
    unit, wanted = row(id)["unit"], UNITS[row(id)["nutrient"]]
    if unit != wanted:
        raise ValueError(
            f"The plate adds {row(id)['nutrient']} in {wanted}, and the row {id} of "
            f"data/foods.csv has {unit}."
        )
    return value(id)


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
    colors = alt.Scale(domain=[False, True], range=[style.BENEFIT, style.HARM])
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
        *(Count(key, label, 6, START.get(key, 0)) for key, (label, _) in FOODS.items()),
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
