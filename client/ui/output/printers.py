"""Printers of this computer as Qt knows them, for systems whose printing Qt reaches without a file of ours.

Windows (GDI) and macOS (Core Printing): written from the documentation, never run there. Linux goes through
`client.system.printing`.
"""

from __future__ import annotations

import sys

from PySide6.QtPrintSupport import QPrinter, QPrinterInfo

from client.system.printing import NotPrinted, Printers

NATIVE = sys.platform != "linux"


def native_printers() -> Printers:
    """Return the printers Qt knows; NotPrinted where there are none."""
    names = tuple(QPrinterInfo.availablePrinterNames())
    if not names:
        raise NotPrinted(
            "No printer is set up on this computer, so the report was not printed. "
            "Add a printer in the system's settings, or ask IT support for one."
        )
    return Printers(names, QPrinterInfo.defaultPrinterName())


def native_printer(name: str) -> QPrinter:
    """Return a printer to draw on; its job has a name without a patient."""
    printer = QPrinter(QPrinterInfo.printerInfo(name), QPrinter.PrinterMode.HighResolution)
    printer.setOutputFormat(QPrinter.OutputFormat.NativeFormat)
    printer.setFullPage(True)
    printer.setDocName("Safelight report")
    return printer
