"""Fluoroscopy with contrast: swallow, stomach, small bowel, colon, uterus."""
# ruff: noqa: E501 - prose, one sentence to a line

from __future__ import annotations

from collections.abc import Iterator

from server_stub.demo.case import Case, Story, Study
from server_stub.demo.exams import Exam, Modality, Setting
from server_stub.demo.wording import Sex, mm

_DOSE = "Fluoroscopy time #1.1-3.6# min, dose area product #210-980# µGy·m²."
RF_SWALLOW = Exam(
    "RF barium esophagram",
    Modality.RF,
    "ESOPHAGUS",
    f"Double-contrast and single-contrast study with barium, upright and prone. {_DOSE}",
    {
        "Pharynx": "[Normal oral and pharyngeal phase. No laryngeal penetration or aspiration.|No pharyngeal residue, penetration or aspiration.]",
        "Motility": "[Normal primary peristalsis.|Intact primary waves in four of five swallows.]",
        "Mucosa and caliber": "[Normal mucosa. No stricture, ring or diverticulum.|Smooth mucosa, no fixed narrowing.]",
        "Gastroesophageal junction": "[No hiatal hernia. No reflux provoked.|A 13 mm tablet passes without delay.]",
    },
    ("30633-2", "RF Esophagus Views W barium contrast PO"),
)
RF_SPEECH = Exam(
    "RF modified barium swallow",
    Modality.RF,
    "PHARYNX",
    f"Videofluoroscopy at 15 frames/s with a speech-language pathologist; thin liquid, nectar, pudding and solid. {_DOSE}",
    {
        "Oral phase": "[Adequate bolus control.|Mildly prolonged mastication.]",
        "Pharyngeal phase": "[Timely swallow. No penetration or aspiration with any consistency.]",
        "Residue": "[No significant vallecular or piriform residue.|Trace vallecular residue, cleared by a second swallow.]",
    },
)
RF_LEAK = Exam(
    "RF upper GI with water-soluble contrast",
    Modality.RF,
    "ABDOMEN",
    f"Water-soluble contrast (iohexol 300), upright and oblique. {_DOSE}",
    {
        "Anatomy": "Small gastric pouch with prompt passage through the gastrojejunostomy.",
        "Leak": "[No extraluminal contrast.]",
        "Passage": "[No obstruction. Contrast reaches the distal jejunum.]",
    },
)
RF_SMALL_BOWEL = Exam(
    "RF small bowel follow-through",
    Modality.RF,
    "ABDOMEN",
    f"#450-600# mL of barium by mouth, serial overhead images and spot compression of the terminal ileum. {_DOSE}",
    {
        "Transit": "[Contrast reaches the cecum at #55-110# minutes.]",
        "Jejunum and ileum": "[Normal caliber and fold pattern.]",
        "Terminal ileum": "[Normal, distensible terminal ileum.|The terminal ileum is normal on compression.]",
    },
    ("24924-3", "RF Small bowel Views W contrast PO"),
)
RF_TUBES = Exam(
    "RF hysterosalpingogram",
    Modality.RF,
    "PELVIS",
    f"Sterile technique, cycle day #7-10#, pregnancy test negative. 5 Fr balloon catheter, #6-12# mL water-soluble contrast. {_DOSE}",
    {
        "Uterus": "[Normal triangular cavity without filling defect.]",
        "Tubes": "[Both fallopian tubes fill and spill freely.]",
        "Complications": "No complications. The patient tolerated the study well.",
    },
    ("25022-5", "RF Uterus and Fallopian tubes Views W contrast IU"),
)


def _dysphagia(case: Case) -> Iterator[Study]:
    size = case.dice.randint(2, 4)
    found, impression = case.dice.choice(
        (
            (None, "Normal esophagram."),
            (
                {
                    "Gastroesophageal junction": f"Sliding hiatal hernia, {size} cm. Spontaneous reflux to the level of the carina."
                },
                f"Sliding hiatal hernia, {size} cm, with spontaneous reflux.",
            ),
            (
                {
                    "Motility": "Absent primary peristalsis with tertiary contractions. Dilated esophagus, 4.2 cm.",
                    "Gastroesophageal junction": "Smooth bird-beak tapering with delayed emptying; barium column 11 cm at 5 minutes.",
                },
                "Findings typical of achalasia. Manometry is suggested.",
            ),
            (
                {
                    "Pharynx": f"Posterior midline pouch above the cricopharyngeus, {mm(size * 8)}, retaining barium. No aspiration."
                },
                f"Zenker diverticulum, {mm(size * 8)}. No aspiration.",
            ),
        )
    )
    yield case.study(
        RF_SWALLOW,
        0,
        why=f"{case.who()} with dysphagia for solids for [three months|half a year].",
        findings=found,
        impression=[impression],
    )


def _aspiration(case: Case) -> Iterator[Study]:
    first = case.study(
        RF_SPEECH,
        35,
        setting=Setting.INPATIENT,
        why=f"{case.who(35)}, dysphagia after stroke. Aspiration?",
        findings={
            "Pharyngeal phase": "Delayed swallow trigger. Silent aspiration of thin liquid (PAS 8); penetration without aspiration of nectar (PAS 3). Pudding and solid are safe.",
            "Residue": "Moderate vallecular residue.",
        },
        impression=[
            "Silent aspiration of thin liquids.",
            "Nectar-thick liquids and soft diet as advised by speech-language pathology.",
        ],
    )
    yield first
    yield case.study(
        RF_SPEECH,
        0,
        compare=[first],
        why="Dysphagia after stroke, after swallowing therapy.",
        findings={
            "Pharyngeal phase": "Improved trigger. Flash penetration of thin liquid (PAS 2), no aspiration with any consistency."
        },
        impression=["No aspiration. Clear improvement."],
    )


def _bypass(case: Case) -> Iterator[Study]:
    yield case.study(
        RF_LEAK,
        0,
        setting=Setting.INPATIENT,
        why="First day after laparoscopic gastric bypass. Leak?",
        impression=["No leak or obstruction after gastric bypass."],
    )


def _crohn(case: Case) -> Iterator[Study]:
    disease = case.chance(0.5)
    length = case.dice.randint(8, 18)
    yield case.study(
        RF_SMALL_BOWEL,
        0,
        why=f"{case.who()}, diarrhea and weight loss, calprotectin #280-900# µg/g. Crohn disease?",
        findings={
            "Terminal ileum": f"Narrowed terminal ileum over {length} cm with cobblestone mucosa and separation from adjacent loops. No fistula."
        }
        if disease
        else None,
        impression=[
            f"Active Crohn disease of the terminal ileum, {length} cm."
            if disease
            else "Normal small bowel follow-through."
        ],
    )


def _infertility(case: Case) -> Iterator[Study]:
    side = case.side
    blocked = case.chance(0.35)
    yield case.study(
        RF_TUBES,
        0,
        why=f"{case.who()}, infertility for [18 months|two years].",
        findings={
            "Tubes": f"The {side} tube is dilated distally without spill, a hydrosalpinx. The other tube fills and spills freely."
        }
        if blocked
        else None,
        impression=[
            f"{side.capitalize()} hydrosalpinx. The other tube is patent."
            if blocked
            else "Normal uterine cavity. Both tubes are patent."
        ],
    )


STORIES = (
    Story(_dysphagia, "abdomen", frozenset({"esophagus"}), 2.4, 30, 86),
    Story(_aspiration, "neuro", frozenset({"esophagus"}), 1, 60, 90),
    Story(_bypass, "surgery", frozenset({"esophagus", "abdomen"}), 0.9, 28, 60),
    Story(_crohn, "abdomen", frozenset({"abdomen"}), 1, 18, 45),
    Story(_infertility, "women", frozenset({"pelvis"}), 1.2, 25, 40, Sex.FEMALE),
)
SINGLES = (STORIES[0], STORIES[3], STORIES[4])
