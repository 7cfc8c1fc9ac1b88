"""Who is in the demonstration data: patients in many scripts, referring physicians, radiologists.

All invented. Must never: take a name from a real record.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from random import Random

from server_stub.demo.wording import DateStyle, Sex

TODAY = date(2026, 11, 20)
"""The fixed day on which the demonstration data ends."""


@dataclass(frozen=True, slots=True)
class Name:
    """A name as it is written, and in Latin letters where that differs."""

    family: str
    given: tuple[str, ...]
    latin: str = ""  # "Family, Given"; "" where the name is in Latin letters anyway
    language: str = "en"
    ideographic: bool = False

    @property
    def written(self) -> str:
        """The name as the person writes it."""
        if self.ideographic:
            return self.family + " " + "".join(self.given) if self.given else self.family
        return " ".join((*self.given, self.family)).strip()

    @property
    def plain(self) -> str:
        """`Family, Given` in letters that every printer has."""
        return self.latin or ", ".join(part for part in (self.family, " ".join(self.given)) if part)


@dataclass(frozen=True, slots=True)
class Person:
    """A patient; `shown_birth` is as precise as the hospital knows it."""

    number: int
    name: Name
    sex: Sex
    born: date
    shown_birth: str

    def age(self, when: date | datetime) -> float:
        """Years and their fraction at that day."""
        day = when.date() if isinstance(when, datetime) else when
        return (day - self.born).days / 365.25


@dataclass(frozen=True, slots=True)
class Referrer:
    """A referring physician; `services` are the clinics whose patients they send."""

    id: str
    family: str
    given: str
    services: frozenset[str]
    sex: Sex


@dataclass(frozen=True, slots=True)
class Radiologist:
    """A radiologist and the way they dictate."""

    id: str
    family: str
    given: str
    reads: frozenset[str]
    sex: Sex
    dates: DateStyle
    headings: tuple[
        str, str, str, str, str
    ]  # clinical information, technique, comparison, findings, impression
    organ_labels: bool
    numbered: bool
    inline: bool  # "COMPARISON: None." rather than a heading on its own line
    width: int  # columns at which the dictation system breaks lines; 0 for none
    times: str  # how "by" is written between two sizes


def _referrer(id_: str, family: str, given: str, sex: Sex, *services: str) -> Referrer:
    return Referrer(id_, family, given, frozenset(services), sex)


REFERRERS = (
    _referrer("prac-ref-01", "Whitcombe", "Hannah", Sex.FEMALE, "general", "chest"),
    _referrer("prac-ref-02", "Okonkwo", "Daniel", Sex.MALE, "chest", "oncology"),
    _referrer("prac-ref-03", "Varga", "Ildikó", Sex.FEMALE, "emergency"),
    _referrer("prac-ref-04", "Lindqvist", "Erik", Sex.MALE, "neuro"),
    _referrer("prac-ref-05", "Mbeki-Sørensen", "Thandi", Sex.FEMALE, "oncology"),
    _referrer("prac-ref-06", "Kowalczyk", "Piotr", Sex.MALE, "bones"),
    _referrer("prac-ref-07", "Aguirre Salazar", "Lucía", Sex.FEMALE, "women"),
    _referrer("prac-ref-08", "Thornbury", "James", Sex.MALE, "surgery", "abdomen"),
    _referrer("prac-ref-09", "Haddad", "Karim", Sex.MALE, "urology"),
    _referrer("prac-ref-10", "Nakagawa", "Yumi", Sex.FEMALE, "children"),
    _referrer("prac-ref-11", "Dimitriou", "Eleni", Sex.FEMALE, "vessels", "heart"),
    _referrer("prac-ref-12", "O’Rourke", "Fionnuala", Sex.FEMALE, "general", "abdomen"),
)

RADIOLOGISTS = (
    Radiologist(
        "prac-rad-01",
        "Ashgrove",
        "Miriam",
        frozenset({"chest", "general", "heart"}),
        Sex.FEMALE,
        DateStyle.LONG,
        ("CLINICAL INFORMATION", "TECHNIQUE", "COMPARISON", "FINDINGS", "IMPRESSION"),
        True,
        True,
        False,
        0,
        "x",
    ),
    Radiologist(
        "prac-rad-02",
        "Benedetti",
        "Luca",
        frozenset({"neuro"}),
        Sex.MALE,
        DateStyle.DAY_FIRST,
        ("INDICATION", "TECHNIQUE", "COMPARISON", "FINDINGS", "IMPRESSION"),
        False,
        True,
        True,
        78,
        "x",
    ),
    Radiologist(
        "prac-rad-03",
        "Castellanos",
        "Rafael",
        frozenset({"abdomen", "surgery", "urology", "oncology"}),
        Sex.MALE,
        DateStyle.SLASHES,
        ("HISTORY", "TECHNIQUE", "COMPARISON", "FINDINGS", "IMPRESSION"),
        True,
        True,
        True,
        0,
        "x",
    ),
    Radiologist(
        "prac-rad-04",
        "Dunmore",
        "Siobhán",
        frozenset({"women", "children"}),
        Sex.FEMALE,
        DateStyle.LONG,
        ("Clinical history", "Technique", "Comparison", "Findings", "Impression"),
        False,
        False,
        False,
        0,
        "×",
    ),
    Radiologist(
        "prac-rad-05",
        "Eriksson",
        "Anders",
        frozenset({"bones", "emergency"}),
        Sex.MALE,
        DateStyle.ISO,
        ("Clinical information", "Technique", "Comparison", "Findings", "Conclusion"),
        False,
        False,
        True,
        72,
        "x",
    ),
    Radiologist(
        "prac-rad-06",
        "Farrokhzad",
        "Leila",
        frozenset({"vessels", "oncology"}),
        Sex.FEMALE,
        DateStyle.DAY_FIRST,
        ("CLINICAL INDICATION", "PROCEDURE", "COMPARISON", "FINDINGS", "IMPRESSION"),
        True,
        True,
        False,
        80,
        "×",
    ),
)

_N = Name
_WOMEN = (
    "Margaret",
    "Dorothy",
    "Patricia",
    "Linda",
    "Susan",
    "Karen",
    "Denise",
    "Yvonne",
    "Angela",
    "Teresa",
    "Rachel",
    "Claire",
    "Naomi",
    "Imani",
    "Grace",
    "Beatrice",
    "Eleanor",
    "Joan",
    "Ruth",
    "Paula",
    "Sheila",
    "Monique",
    "Aisha",
    "Chloe",
    "Emily",
    "Holly",
    "Zoe",
    "Ingrid",
    "Wilhelmina",
    "Frances",
)
_MEN = (
    "Robert",
    "William",
    "George",
    "Thomas",
    "Charles",
    "Kenneth",
    "Stephen",
    "Andrew",
    "Gregory",
    "Dennis",
    "Walter",
    "Marcus",
    "Trevor",
    "Desmond",
    "Isaac",
    "Samuel",
    "Leonard",
    "Arthur",
    "Harold",
    "Victor",
    "Dominic",
    "Curtis",
    "Kwame",
    "Jamal",
    "Oliver",
    "Ethan",
    "Noah",
    "Malcolm",
    "Fergus",
    "Rupert",
)
_FAMILIES = (
    "Abernathy",
    "Ballard",
    "Carmichael",
    "Donnelly",
    "Ellsworth",
    "Fairbanks",
    "Gallagher",
    "Holloway",
    "Iverson",
    "Jefferies",
    "Kavanagh",
    "Lockwood",
    "MacAllister",
    "Nightingale",
    "Osborne",
    "Pemberton",
    "Quigley",
    "Rutherford",
    "Stanhope",
    "Tremblay",
    "Underhill",
    "Vandermeer",
    "Winterbourne",
    "Yarborough",
    "Zimmermann",
    "Adeyemi",
    "Boateng",
    "Chaudhry",
    "De Luca",
    "Eze",
    "Fitzgerald",
    "Guerrero",
    "Hussain",
    "Ibrahim",
    "Jankowski",
    "Kumar",
    "Larsson",
    "Moreau",
    "Ndlovu",
    "O'Sullivan",
    "Patel",
    "Quist",
    "Rossi",
    "Silva",
    "Tanaka",
    "Usman",
    "Volkov",
    "Weiss",
    "Ximenes",
    "Young",
)

_WORLD: tuple[tuple[Sex, Name], ...] = (
    (Sex.FEMALE, _N("Kowalewska-Żółkiewska", ("Małgorzata",), language="pl")),
    (Sex.MALE, _N("Dvořák", ("Jiří",), language="cs")),
    (Sex.MALE, _N("Yılmaz", ("Çağrı", "Işık"), language="tr")),
    (Sex.FEMALE, _N("Þorsteinsdóttir", ("Guðrún",), language="is")),
    (Sex.MALE, _N("Sæther-Bjørnstad", ("Øystein",), language="no")),
    (Sex.FEMALE, _N("García-Huidobro Echeverría", ("María", "de los Ángeles"), language="es")),
    (Sex.MALE, _N("Fernández de la Peña", ("José", "Ignacio"), language="es")),
    (Sex.FEMALE, _N("Núñez Villalobos", ("Ximena",), language="es")),
    (Sex.MALE, _N("Müller-Lüdenscheidt", ("Jürgen",), language="de")),
    (Sex.FEMALE, _N("Größmann", ("Käthe",), language="de")),
    (Sex.MALE, _N("Lefèvre", ("François", "Théodore"), language="fr")),
    (Sex.FEMALE, _N("d’Aubigné", ("Hélène",), language="fr")),
    (Sex.FEMALE, _N("Иванова", ("Екатерина", "Сергеевна"), "Ivanova, Yekaterina Sergeyevna", "ru")),
    (Sex.MALE, _N("Шевченко", ("Тарас",), "Shevchenko, Taras", "uk")),
    (Sex.MALE, _N("Παπαδόπουλος", ("Γεώργιος",), "Papadopoulos, Georgios", "el")),
    (Sex.FEMALE, _N("Οικονόμου", ("Αικατερίνη",), "Oikonomou, Aikaterini", "el")),
    (Sex.MALE, _N("الحسيني", ("محمد", "عبد الرحمن"), "al-Husayni, Muhammad Abd ar-Rahman", "ar")),
    (Sex.FEMALE, _N("المصري", ("فاطمة",), "al-Masri, Fatima", "ar")),
    (Sex.MALE, _N("כהן", ("אברהם",), "Cohen, Avraham", "he")),
    (Sex.FEMALE, _N("לוי", ("שרה", "רבקה"), "Levi, Sarah Rivka", "he")),
    (Sex.FEMALE, _N("王", ("秀英",), "Wang, Xiuying", "zh", True)),
    (Sex.MALE, _N("欧阳", ("建国",), "Ouyang, Jianguo", "zh", True)),
    (Sex.MALE, _N("佐藤", ("健一",), "Sato, Kenichi", "ja", True)),
    (Sex.FEMALE, _N("長谷川", ("美咲",), "Hasegawa, Misaki", "ja", True)),
    (Sex.FEMALE, _N("김", ("지영",), "Kim, Jiyeong", "ko", True)),
    (Sex.MALE, _N("남궁", ("민수",), "Namgung, Minsu", "ko", True)),
    (Sex.FEMALE, _N("Nguyễn", ("Thị", "Ánh", "Tuyết"), language="vi")),
    (Sex.MALE, _N("Trần", ("Đức", "Hưng"), language="vi")),
    (Sex.FEMALE, _N("शर्मा", ("प्रिया",), "Sharma, Priya", "hi")),
    (Sex.MALE, _N("", ("Suharto",), language="id")),
    (
        Sex.FEMALE,
        _N(
            "Venkatanarasimharajuvaripeta-Ramakrishnan",
            ("Lakshmi", "Saraswathi", "Padmavathi"),
            language="te",
        ),
    ),
    (
        Sex.MALE,
        _N("von Hohenlohe-Waldenburg-Schillingsfürst", ("Maximilian", "Karl", "Friedrich"), language="de"),
    ),
)

_AGES = (
    (0, 1, 3),
    (1, 4, 2),
    (4, 16, 5),
    (16, 30, 10),
    (30, 45, 18),
    (45, 60, 24),
    (60, 75, 25),
    (75, 92, 13),
)


def make_person(number: int, dice: Random) -> Person:
    """The patient with this number; the first ones include the world's names, so every data set has them."""
    ages = dice.choices(_AGES, weights=[weight for _, _, weight in _AGES])[0]
    turn = number // 5 * 2 + (number % 5 == 3)
    if number % 5 in (1, 3) and (turn < len(_WORLD) or dice.random() < 0.3):
        sex, name = _WORLD[turn % len(_WORLD)]
    else:
        sex = Sex.FEMALE if dice.random() < 0.53 else Sex.MALE
        pool = _WOMEN if sex is Sex.FEMALE else _MEN
        given = (dice.choice(pool),) if dice.random() < 0.55 else tuple(dice.sample(pool, 2))
        family = dice.choice(_FAMILIES)
        if dice.random() < 0.06:
            family += "-" + dice.choice([one for one in _FAMILIES if one != family])
        name = Name(family, given)
    days = int((ages[0] + dice.random() * (ages[1] - ages[0])) * 365.25)
    born = TODAY - timedelta(days=max(days, 12))
    roll = dice.random()
    shown = born.isoformat()
    if days > 30 * 365 and roll < 0.03:
        shown = f"{born.year}"
    elif days > 30 * 365 and roll < 0.045:
        shown = f"{born.year}-{born.month:02}"
    return Person(number, name, sex, born, shown)
