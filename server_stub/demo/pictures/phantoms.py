"""Phantoms by formula: ellipsoids with noise, as stored values.

Must never: be random in another way than by the seed given, so that a study looks the same every time.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from server_stub.demo.pictures.plan import INSERT_HU, INSERT_MM

Values = npt.NDArray[np.float32]


def ct_slice(place: float, size: int, spacing: float, noise: np.random.Generator) -> npt.NDArray[np.int16]:
    """Return Hounsfield units of an axial slice `place` mm from the middle; outside the scan -2000."""
    x, y = _grid(size, spacing)
    values = np.full((size, size), -1000, np.float32)
    shrink = float(np.sqrt(max(0.15, 1 - (place / 160) ** 2)))
    values[_ellipse(x, y, 0, 0, 155 * shrink, 110 * shrink)] = -90  # fat
    values[_ellipse(x, y, 0, 0, 140 * shrink, 97 * shrink)] = 45  # muscle
    for side in (-1, 1):
        values[_ellipse(x, y, side * 68, -8, 48 * shrink, 68 * shrink)] = -820  # lungs
    values[_ellipse(x, y, 0, 72 * shrink, 17, 17)] = 250  # vertebra
    values[_ellipse(x, y, 0, 72 * shrink, 13, 13)] = 160
    values[_ellipse(x, y, 0, 88 * shrink, 7, 7)] = 20  # canal
    angles = np.linspace(0, 2 * np.pi, 22, endpoint=False) + place / 40
    for angle in angles:  # ribs
        at = 146 * shrink * np.cos(angle), 101 * shrink * np.sin(angle)
        values[_ellipse(x, y, float(at[0]), float(at[1]), 9, 5)] = 420
    radius = INSERT_MM / 2
    if abs(place) < radius:
        inner = float(np.sqrt(radius**2 - place**2))
        values[_ellipse(x, y, 0, -20, inner, inner)] = INSERT_HU
    values += noise.normal(0, 12, values.shape).astype(np.float32)
    values[x**2 + y**2 > (size * spacing / 2) ** 2] = -2000
    return np.rint(values).astype(np.int16)


def chest(rows: int, columns: int, noise: np.random.Generator) -> npt.NDArray[np.uint16]:
    """Return a frontal chest, 12 bits: much X-ray is a large value, shown black (MONOCHROME1)."""
    y, x = np.mgrid[-1 : 1 : rows * 1j, -1 : 1 : columns * 1j].astype(np.float32)
    dose = np.full((rows, columns), 3700, np.float32)
    body = _ellipse(x, y, 0, 0.25, 0.92, 1.25)
    dose[body] = 1500
    for side in (-1, 1):
        dose += 1500 * _soft(x, y, side * 0.42, -0.05, 0.33, 0.66) * body
        for rib in range(8):
            middle = -0.62 + rib * 0.16
            arc = np.abs(y - middle - 0.35 * (np.abs(x) - 0.42) ** 2)
            dose -= 260 * np.exp(-((arc / 0.022) ** 2)) * _soft(x, y, side * 0.45, -0.05, 0.4, 0.7)
    dose -= 900 * _soft(x, y, 0.14, 0.28, 0.32, 0.36)  # heart
    dose -= 700 * np.exp(-((x / 0.09) ** 2)) * body  # spine
    dose -= 1200 * _soft(x, y, -0.4, 0.95, 0.5, 0.35) * body
    dose += noise.normal(0, 28, dose.shape).astype(np.float32)
    return np.clip(np.rint(dose), 0, 4095).astype(np.uint16)


def head_slice(
    place: float, size: int, spacing: float, sagittal: bool, noise: np.random.Generator
) -> npt.NDArray[np.uint16]:
    """Return signal of a slice through a head, `place` mm from the middle."""
    x, y = _grid(size, spacing)
    shrink = float(np.sqrt(max(0.1, 1 - (place / 85) ** 2)))
    wide = 95 if sagittal else 75
    values = np.zeros((size, size), np.float32)
    values[_ellipse(x, y, 0, 0, wide * shrink, 95 * shrink)] = 900  # scalp
    values[_ellipse(x, y, 0, 0, (wide - 6) * shrink, 89 * shrink)] = 60  # bone
    values[_ellipse(x, y, 0, 0, (wide - 12) * shrink, 83 * shrink)] = 420  # brain
    folds = np.sin(np.hypot(x, y * 0.8) / 3.2 + 3 * np.sin(np.arctan2(y, x) * 7))
    brain = _ellipse(x, y, 0, 0, (wide - 12) * shrink, 83 * shrink)
    values += np.where(brain, 70 * folds, 0).astype(np.float32)
    for side in (-1, 1):
        values[_ellipse(x, y, side * 12 * shrink, 5, 7 * shrink, 24 * shrink)] = 1100  # ventricles
    values = np.hypot(values + noise.normal(0, 18, values.shape), noise.normal(0, 18, values.shape))
    return np.rint(values).astype(np.uint16)


def ultrasound(
    frame: int, frames: int, rows: int, columns: int, noise: np.random.Generator
) -> npt.NDArray[np.uint8]:
    """Return an RGB frame of a sector with a pulsing vessel, a colour box in it."""
    y, x = np.mgrid[0:rows, 0:columns].astype(np.float32)
    x -= columns / 2
    depth, angle = np.hypot(x, y + 30), np.arctan2(x, y + 30)
    sector = (np.abs(angle) < 0.62) & (depth > 34) & (depth < rows + 18)
    grey = 70 + 25 * np.sin(depth / 9) + noise.rayleigh(22, depth.shape)
    grey *= np.exp(-depth / (1.6 * rows)) * 1.6
    pulse = 1 + 0.18 * np.sin(2 * np.pi * frame / frames)
    vessel = np.hypot((x - 10) / 44, (y - rows * 0.52) / 15) < pulse
    grey[vessel] = 12
    picture = np.repeat(np.where(sector, grey, 0)[..., None], 3, axis=2)
    flow = (vessel & sector)[..., None] * np.array([190, 40, 20]) * (0.6 + 0.4 * pulse)
    shown: npt.NDArray[np.uint8] = np.clip(picture + flow, 0, 255).astype(np.uint8)
    return shown


def breast(rows: int, columns: int, left: bool, noise: np.random.Generator) -> npt.NDArray[np.uint16]:
    """Return a craniocaudal view, 12 bits, chest wall at the left or right edge."""
    y, x = np.mgrid[-1 : 1 : rows * 1j, 0 : 1 : columns * 1j].astype(np.float32)
    values = np.full((rows, columns), 60, np.float32)
    inside = _ellipse(x, y, 0, 0, 0.82, 0.78)
    thickness = np.clip(1 - (x / 0.82) ** 2 - (y / 0.78) ** 2, 0, 1) ** 0.3
    values += np.where(inside, 900 * thickness, 0)
    for _ in range(60):
        at = noise.uniform(0.05, 0.6), noise.uniform(-0.45, 0.45)
        values += (
            160 * _soft(x, y, at[0], at[1], noise.uniform(0.02, 0.16), noise.uniform(0.01, 0.05)) * inside
        )
    values += noise.normal(0, 14, values.shape).astype(np.float32)
    stored = np.clip(np.rint(values), 0, 4095).astype(np.uint16)
    return stored if left else np.ascontiguousarray(stored[:, ::-1])


def _grid(size: int, spacing: float) -> tuple[Values, Values]:
    half = (size - 1) / 2 * spacing
    line = np.linspace(-half, half, size, dtype=np.float32)
    return np.meshgrid(line, line)[0], np.meshgrid(line, line)[1]


def _ellipse(x: Values, y: Values, left: float, top: float, a: float, b: float) -> npt.NDArray[np.bool_]:
    return ((x - left) / a) ** 2 + ((y - top) / b) ** 2 < 1


def _soft(x: Values, y: Values, left: float, top: float, a: float, b: float) -> Values:
    soft: Values = np.exp(-((((x - left) / a) ** 2 + ((y - top) / b) ** 2) ** 2)).astype(np.float32)
    return soft
