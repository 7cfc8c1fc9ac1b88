"""Reports dictated in Spanish, German and French, for patients who are followed where they live part of the year."""
# ruff: noqa: E501 - prose, one sentence to a line

from __future__ import annotations

from collections.abc import Iterator

from server_stub.demo.case import Case, Story, Study
from server_stub.demo.exams import Exam, Modality

_TORAX = Exam(
    "Radiografía de tórax PA y lateral",
    Modality.CR,
    "CHEST",
    "Proyecciones posteroanterior y lateral en bipedestación.",
    {
        "Pulmones": "[Campos pulmonares sin consolidaciones ni nódulos.|Parénquima pulmonar sin opacidades.]",
        "Pleura": "Senos costofrénicos libres. Sin neumotórax.",
        "Mediastino": "[Silueta cardiomediastínica de tamaño normal.|Índice cardiotorácico dentro de la normalidad.]",
        "Huesos": "Sin alteraciones óseas agudas.",
    },
    ("36643-5", "XR Chest 2 Views"),
)
_CRANEO = Exam(
    "TC craneal sin contraste",
    Modality.CT,
    "HEAD",
    "Adquisición helicoidal sin contraste intravenoso, con reconstrucciones multiplanares. DLP #720-940# mGy·cm.",
    {
        "Parénquima": "Diferenciación corticosubcortical conservada, sin lesiones focales.",
        "Hemorragia": "No se observan signos de hemorragia intra ni extraaxial.",
        "Ventrículos": "Sistema ventricular de tamaño normal. Línea media centrada.",
        "Hueso": "Sin líneas de fractura. Senos paranasales bien neumatizados.",
    },
    ("30799-1", "CT Head WO contrast"),
)
_KNIE = Exam(
    "MRT Knie {side}",
    Modality.MR,
    "KNEE",
    "3 Tesla. PD fettgesättigt in drei Ebenen, T1 sagittal.",
    {
        "Menisken": "Innen- und Außenmeniskus intakt.",
        "Kreuzbänder": "Vorderes und hinteres Kreuzband durchgängig abgrenzbar.",
        "Seitenbänder": "Innen- und Außenband intakt.",
        "Knorpel": "Kein höhergradiger Knorpelschaden.",
        "Gelenk": "[Kein relevanter Erguss. Keine Baker-Zyste.|Physiologische Flüssigkeitsmenge. Kein Knochenmarködem.]",
    },
)
_OBERBAUCH = Exam(
    "Sonographie Abdomen",
    Modality.US,
    "ABDOMEN",
    "Transabdominelle Sonographie mit Farbduplex, Konvexsonde.",
    {
        "Leber": "[Normal groß, homogenes Echomuster, glatte Kontur. Keine fokale Läsion.|Leicht vermehrte Echogenität im Sinne einer Steatosis Grad I. Keine fokale Läsion.]",
        "Gallenblase und Gallenwege": "Steinfreie Gallenblase, Wand zart. Ductus hepatocholedochus #3-5# mm.",
        "Pankreas": "Soweit einsehbar unauffällig.",
        "Milz": "Länge #9-11# cm, homogen.",
        "Nieren": "Beidseits normal groß, kein Harnstau.",
        "Übriges": "Keine freie Flüssigkeit. Aorta nicht erweitert.",
    },
    ("24558-9", "US Abdomen"),
)
_ABDOMEN = Exam(
    "Échographie abdominale",
    Modality.US,
    "ABDOMEN",
    "Échographie transabdominale, sonde convexe, patient à jeun.",
    {
        "Foie": "Taille et échostructure normales, contours réguliers, sans lésion focale.",
        "Vésicule et voies biliaires": "Vésicule alithiasique à paroi fine. Voie biliaire principale mesurée à #3-5# mm.",
        "Rate": "Homogène, #9-11# cm.",
        "Reins": "Taille normale, sans dilatation des cavités ni calcul.",
        "Divers": "Pas d’épanchement. Aorte de calibre normal.",
    },
    ("24558-9", "US Abdomen"),
)
_THORAX = Exam(
    "Scanner thoracique sans injection",
    Modality.CT,
    "CHEST",
    "Acquisition hélicoïdale en inspiration, sans injection, reconstructions de 1 mm. PDL #180-320# mGy·cm.",
    {
        "Parenchyme": "Pas de condensation ni de nodule suspect.",
        "Plèvre": "Pas d’épanchement ni de pneumothorax.",
        "Médiastin": "Pas d’adénomégalie médiastinale ou hilaire.",
        "Os": "Pas de lésion osseuse suspecte.",
    },
    ("29252-4", "CT Chest WO contrast"),
)


def _torax(case: Case) -> Iterator[Study]:
    lobe = case.one("lóbulo inferior derecho", "lóbulo superior izquierdo", "lóbulo medio")
    sick = case.chance(0.5)
    yield case.study(
        _TORAX,
        0,
        language="es",
        comparison="No se dispone de estudios previos.",
        why="[Tos y fiebre de cuatro días de evolución.|Tos persistente. Descartar neumonía.]",
        findings={"Pulmones": f"Consolidación con broncograma aéreo en {lobe}."} if sick else None,
        impression=[
            f"Neumonía de {lobe}. Se recomienda control radiológico en 6 semanas."
            if sick
            else "Estudio sin alteraciones significativas."
        ],
    )


def _craneo(case: Case) -> Iterator[Study]:
    yield case.study(
        _CRANEO,
        0,
        language="es",
        comparison="Sin estudios previos.",
        why="Cefalea intensa de inicio reciente. Descartar hemorragia.",
        impression=["TC craneal sin hallazgos patológicos agudos."],
    )


def _knie(case: Case) -> Iterator[Study]:
    side, strong = case.one("links|linken", "rechts|rechten").split("|")
    yield case.study(
        _KNIE,
        0,
        side=side,
        language="de",
        comparison="Keine Voraufnahmen verfügbar.",
        why=f"Distorsionstrauma, Schmerzen am medialen Gelenkspalt {side}. Meniskusläsion?",
        findings={
            "Menisken": "Horizontaler Riss des Innenmeniskushinterhorns mit Kontakt zur Unterfläche. Außenmeniskus intakt.",
            "Gelenk": "Mäßiger Gelenkerguss.",
        },
        impression=[
            f"Horizontalriss des Innenmeniskushinterhorns am {strong} Knie.",
            "Kreuz- und Seitenbänder intakt.",
        ],
    )


def _oberbauch(case: Case) -> Iterator[Study]:
    yield case.study(
        _OBERBAUCH,
        0,
        language="de",
        comparison="Keine.",
        why="Unklare Oberbauchbeschwerden seit mehreren Wochen.",
        impression=["Kein Nachweis einer Cholezystolithiasis oder Cholestase."],
    )


def _abdomen(case: Case) -> Iterator[Study]:
    size = case.dice.randint(6, 14)
    stones = case.chance(0.5)
    yield case.study(
        _ABDOMEN,
        0,
        language="fr",
        comparison="Pas d’examen antérieur disponible.",
        why="Douleurs de l’hypochondre droit. Lithiase vésiculaire ?",
        findings={
            "Vésicule et voies biliaires": f"Plusieurs calculs vésiculaires mobiles, le plus gros mesurant {size} mm. Paroi fine. Voie biliaire principale à 4 mm."
        }
        if stones
        else None,
        impression=[
            "Lithiase vésiculaire non compliquée." if stones else "Échographie abdominale sans anomalie."
        ],
    )


def _thorax(case: Case) -> Iterator[Study]:
    yield case.study(
        _THORAX,
        0,
        language="fr",
        comparison="Aucune.",
        why="Toux chronique chez un ancien fumeur.",
        impression=["Absence de nodule suspect ou de condensation parenchymateuse."],
    )


STORIES = (
    Story(_torax, "general", frozenset({"chest"}), 60, 20, 92, language="es"),
    Story(_craneo, "general", frozenset({"head"}), 60, 20, 92, language="es"),
    Story(_knie, "bones", frozenset({"knee"}), 60, 20, 75, language="de"),
    Story(_oberbauch, "general", frozenset({"abdomen"}), 60, 20, 92, language="de"),
    Story(_abdomen, "general", frozenset({"abdomen"}), 60, 20, 92, language="fr"),
    Story(_thorax, "chest", frozenset({"chest"}), 60, 40, 92, language="fr"),
)
