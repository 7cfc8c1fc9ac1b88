"""A report and its document, as a portal would have them."""

from client.documents import compose
from client.model.moment import Moment
from client.model.report import Attachment, Patient, Report, ReportBody, ReportStatus, Sex


def report(status=ReportStatus.FINAL, *, critical=False, name="OKONKWO, Adaeze"):
    patient = Patient("p", name, "00417", Moment.parse("1962-03-04"), Sex.FEMALE)
    date = Moment.parse("2026-11-21T14:02:00Z")
    return Report("r1", "3", status, critical, patient, "CT chest", "CT", date, date, "Lind, S", "Bap", "A1")


def document(data, content_type="text/plain"):
    attachment = Attachment(content_type, "", "", data, None, None)
    (made,) = compose(ReportBody("", "", (attachment,), ()), {})
    return made
