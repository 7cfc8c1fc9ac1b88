"""The same, where letters may be read."""

from client.darkroom.work.pdf import READS
from tests.unit.darkroom.misbehaving import begin, prepare

__all__ = ["READS", "begin", "prepare"]
