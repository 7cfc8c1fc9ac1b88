"""Which part of the body an exam is of, read from its name.

Owns: the parts, and the words exams are named by in English, and the commonest of Spanish, German and French.
Must never: raise; an exam whose name does not tell has no part.
"""

from __future__ import annotations

from enum import Enum
from functools import lru_cache

from client.session.words import words


class BodyPart(Enum):
    """A region; what is read side by side is one."""

    HEAD = "Head"
    FACE = "Face"
    NECK = "Neck"
    CHEST = "Chest"
    HEART = "Heart"
    BREAST = "Breast"
    ABDOMEN = "Abdomen"
    PELVIS = "Pelvis"
    CERVICAL = "Cervical spine"
    THORACIC = "Thoracic spine"
    LUMBAR = "Lumbar spine"
    SPINE = "Spine"
    SHOULDER = "Shoulder"
    ELBOW = "Elbow"
    HAND = "Wrist, hand"
    ARM = "Arm"
    HIP = "Hip"
    KNEE = "Knee"
    FOOT = "Ankle, foot"
    LEG = "Leg"
    WHOLE = "Whole body"


# Beginnings of folded words: "abdom" is abdomen, abdominal, abdominelle.
_STEMS = {
    BodyPart.HEAD: "brain cran skull cereb neurocran schadel kopf hirn gehirn encephal cabeza cerebr",
    BodyPart.FACE: "facial sinus orbit paranas nasen kiefer maxil mandib felsenbein gesicht visage",
    BodyPart.NECK: "thyr tiroid schilddr carotid karotid parotid larynx laring cuello halsweich cervicofac",
    BodyPart.CHEST: "chest thora tora lung lunge pulm pneumo poumon rippen costal mediastin ventil",
    BodyPart.HEART: "heart cardia kardia myocard miocard herz coeur corazon coronar koronar echocard ecocard",
    BodyPart.BREAST: "breast mamm mamo mama brust",
    BodyPart.ABDOMEN: """abdom liver kidney renal ureter urogra pancrea bile biliar hepat spleen aorta leber
        niere bauch galle higado rinon gallbladder mrcp bowel esopha oesopha barium gastr stomach colon
        pankrea oberbauch milz hepatobil appendi entero swallow mesent""",
    BodyPart.PELVIS: """pelvi becken bassin prostat uter ovar bladder vejiga vessie transvag scrot hoden
        hystero cystour testic rectum rektum gynak""",
    BodyPart.CERVICAL: "cervical zervikal halswirbel",
    BodyPart.THORACIC: "brustwirbel dorsal",
    BodyPart.LUMBAR: "lumb lomb lenden sacr sakr iliosa",
    BodyPart.SPINE: "spine spinal wirbel columna rachis vertebra myelo",
    BodyPart.SHOULDER: "shoulder schulter epaule hombro clavic clavicul",
    BodyPart.ELBOW: "elbow ellbogen ellenbogen coude codo",
    BodyPart.HAND: "wrist finger handgelenk poignet muneca scaph skaph doigt dedo thumb daumen",
    BodyPart.ARM: "forearm humer oberarm unterarm brazo antebrazo brachi",
    BodyPart.HIP: "hufte huft hanche cadera",
    BodyPart.KNEE: "knee knie genou rodilla patell menisc menisk",
    BodyPart.FOOT: "ankle sprunggelenk cheville tobillo calcane vorfuss",
    BodyPart.LEG: "femur femor tibia fibula oberschenkel unterschenkel jambe pierna thigh calf",
    BodyPart.WHOLE: "skeletal ganzkorper skelett entier osteodens densit",
}
# Words that begin others which mean something else ("arm", "armamentarium"): they count as they stand.
_WHOLE_WORDS = {
    BodyPart.HEAD: "head tete",
    BodyPart.FACE: "face cara nose nez",
    BodyPart.NECK: "neck hals cou",
    BodyPart.CHEST: "rib ribs cxr",
    BodyPart.BREAST: "sein seins",
    BodyPart.ABDOMEN: "foie rein reins rate kub gi",
    BodyPart.PELVIS: "blase",
    BodyPart.CERVICAL: "hws",
    BodyPart.THORACIC: "bws",
    BodyPart.LUMBAR: "lws",
    BodyPart.HAND: "hand hands main mano",
    BodyPart.ARM: "arm arms bras ulna radius",
    BodyPart.HIP: "hip hips",
    BodyPart.FOOT: "foot feet toe toes fuss pied pieds pie pies",
    BodyPart.LEG: "leg legs bein beine",
    BodyPart.WHOLE: "whole pet wholebody",
}
_BY_STEM = {stem: part for part, stems in _STEMS.items() for stem in stems.split()}
_BY_WORD = {word: part for part, some in _WHOLE_WORDS.items() for word in some.split()}
_LONGEST = max(map(len, _BY_STEM))
_SIDES = {
    "left": "left lt links linke linker linkes izquierdo izquierda izq gauche",
    "right": "right rt rechts rechte rechter rechtes derecho derecha der droit droite",
}
_SIDE_OF = {word: named for named, some in _SIDES.items() for word in some.split()}
_SPINES = frozenset({BodyPart.CERVICAL, BodyPart.THORACIC, BodyPart.LUMBAR})


@lru_cache(maxsize=4096)
def body_parts(exam: str) -> frozenset[BodyPart]:
    """Return the parts an exam's name tells of; a named part of the spine stands for the spine."""
    found = {part for word in words(exam) if (part := _part(word)) is not None}
    if BodyPart.WHOLE in found:
        return frozenset({BodyPart.WHOLE})
    if BodyPart.SPINE in found and BodyPart.CHEST in found:  # "thoracic spine", "rachis thoracique"
        found ^= {BodyPart.CHEST, BodyPart.THORACIC}
    if found & _SPINES:
        found.discard(BodyPart.SPINE)
    return frozenset(found)


@lru_cache(maxsize=4096)
def side(exam: str) -> str:
    """Return "left" or "right" where an exam names one side alone, else ""."""
    found = {_SIDE_OF[word] for word in words(exam) if word in _SIDE_OF}
    return found.pop() if len(found) == 1 else ""


def _part(word: str) -> BodyPart | None:
    if word in _BY_WORD:
        return _BY_WORD[word]
    for length in range(min(len(word), _LONGEST), 2, -1):
        if (part := _BY_STEM.get(word[:length])) is not None:
            return part
    return None
