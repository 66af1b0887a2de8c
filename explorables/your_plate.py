"""Your plate, your day: foods and tablets add up against the requirement and the upper limit.

Adds the servings of data/foods.csv and compares the sums with data/nutrients.csv; nothing is estimated. A nutrient that the
table does not give for a food counts as nothing, so the sums are floors.
"""

import altair as alt

from bonebook import style, tables
from explorables.kit import Choice, Count, Explorable, Slider, data, number, stored

#: Food on the plate: (label, rows of data/foods.csv that describe one serving of it).
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
NUTRIENTS = ["calcium", "vitamin D", "magnesium", "protein"]
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


def given():
    rows = {row["id"]: row for row in tables.rows("foods")}
    foods = {
        key: {rows[id]["nutrient"]: float(rows[id]["value"]) for id in ids}
        for key, (_, ids) in FOODS.items()
    }
    for key, (_, ids) in FOODS.items():
        if wrong := [
            id for id in ids if rows[id]["unit"] != UNITS[rows[id]["nutrient"]]
        ]:
            raise ValueError(
                f"The plate adds {UNITS}; these rows of data/foods.csv have other units: {', '.join(wrong)}."
            )
    return {
        "foods": foods,
        "needs": {
            group: {nutrient: stored(id) for nutrient, id in ids.items()}
            for group, ids in NEEDS.items()
        },
        "limits": {
            group: {nutrient: stored(id) for nutrient, id in ids.items()}
            for group, ids in LIMITS.items()
        },
        "protein": stored("nutrient-dri-protein-rda"),
        "units": UNITS,
    }


def answer(settings, given):
    """Servings by food; `group`: 51 or 71; `weight` in kg; `tablet_calcium` in mg, `tablet_d` in IU."""
    sums = dict.fromkeys(NUTRIENTS, 0.0)
    for food, content in given["foods"].items():
        for nutrient, amount in content.items():
            sums[nutrient] += settings[food] * amount
    sums["calcium"] += settings["tablet_calcium"]
    sums["vitamin D"] += settings["tablet_d"]
    needs = given["needs"][settings["group"]] | {
        "protein": given["protein"] * settings["weight"]
    }
    limits = given["limits"][settings["group"]]
    bars, needed, numbers = [], [], []
    for nutrient in NUTRIENTS:
        total, need, limit = sums[nutrient], needs[nutrient], limits.get(nutrient)
        past = limit is not None and total > limit
        bars.append(
            {
                "nutrient": nutrient,
                "share": 100 * total / need,
                "kind": "past the upper limit" if past else "adds up to",
            }
        )
        if limit is not None:
            needed.append({"nutrient": nutrient, "share": 100 * limit / need})
        unit = given["units"][nutrient]
        numbers += [
            number(f"{nutrient}: on the plate", total, unit),
            number(f"{nutrient}: reference amount a day", need, unit),
        ]
        if limit is not None:
            numbers.append(number(f"{nutrient}: upper limit a day", limit, unit))
    return {
        "rows": {"bars": bars, "limits": needed, "full": [{"share": 100}]},
        "numbers": numbers,
    }


def chart():
    x = alt.X(
        "share:Q",
        title="% of the reference amount a day",
        scale=alt.Scale(domainMin=0, nice=True),
    )
    y = alt.Y(
        "nutrient:N",
        sort=NUTRIENTS,
        title=None,
        axis=alt.Axis(domain=False, ticks=False, minExtent=84),
    )
    kinds = ["adds up to", "past the upper limit"]
    bars = (
        alt.Chart(data("bars"))
        .mark_bar(height=20)
        .encode(
            x=x,
            y=y,
            color=alt.Color(
                "kind:N",
                legend=None,
                scale=alt.Scale(domain=kinds, range=[style.BENEFIT, style.HARM]),
            ),
        )
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


EXPLORABLE = Explorable(
    "your-plate",
    "Your plate, your day",
    [
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
    given,
    answer,
    chart,
    {
        "A plate to start from": {
            **dict.fromkeys(FOODS, 0),
            **START,
            "tablet_calcium": 0,
            "tablet_d": 0,
        },
        "Empty plate": {**dict.fromkeys(FOODS, 0), "tablet_calcium": 0, "tablet_d": 0},
    },
)
