"""Issues: opened once, renewed, closed, each with the moment since which it is open."""

from datetime import timedelta

from tests.proxy.hub.conftest import START

from oye_proxy.hub.issues import Issue, IssueBoard, IssueKey, Severity


class Board:
    def __init__(self) -> None:
        self.told: list[tuple[Issue, ...]] = []
        self.board = IssueBoard(self.told.append)


def test_an_issue_is_told_with_its_severity() -> None:
    board = Board()
    board.board.report(IssueKey.CSMS_REFUSED, "CP1", START, status=403)
    issue = Issue(
        key=IssueKey.CSMS_REFUSED,
        severity=Severity.ERROR,
        charge_point_id="CP1",
        since=START,
        params={"status": 403},
    )

    assert [(issue,)] == board.told
    assert (issue,) == board.board.issues


def test_what_degrades_is_a_warning() -> None:
    board = Board()
    board.board.report(IssueKey.CSMS_UNREACHABLE, "CP1", START)

    assert Severity.WARNING is board.board.issues[0].severity


def test_a_charger_that_is_led_away_is_critical() -> None:
    """There is no way back once it is gone; one that waits for acceptance only waits."""
    board = Board()
    board.board.report(IssueKey.CHARGER_REDIRECTED, "CP1", START)
    board.board.report(IssueKey.CHARGER_NOT_ACCEPTED, "CP1", START)

    assert [Severity.CRITICAL, Severity.WARNING] == [issue.severity for issue in board.board.issues]


def test_a_report_may_be_less_severe_than_its_key() -> None:
    board = Board()
    board.board.report(IssueKey.STORAGE_TROUBLE, None, START, severity=Severity.WARNING)
    board.board.report(IssueKey.STORAGE_TROUBLE, None, START)

    assert [Severity.WARNING, Severity.ERROR] == [issues[0].severity for issues in board.told]


def test_the_same_report_again_tells_nobody() -> None:
    board = Board()
    board.board.report(IssueKey.CSMS_REFUSED, "CP1", START, status=403)
    board.board.report(IssueKey.CSMS_REFUSED, "CP1", START + timedelta(minutes=1), status=403)

    assert 1 == len(board.told)


def test_new_parameters_keep_the_moment_since_which_it_is_open() -> None:
    board = Board()
    board.board.report(IssueKey.CSMS_REFUSED, "CP1", START, status=403)
    board.board.report(IssueKey.CSMS_REFUSED, "CP1", START + timedelta(minutes=1), status=404)

    assert [(START, {"status": 404})] == [(one.since, one.params) for one in board.board.issues]


def test_an_issue_that_is_not_open_can_be_withdrawn() -> None:
    board = Board()
    board.board.withdraw(IssueKey.CSMS_REFUSED, "CP1")

    assert [] == board.told


def test_a_deleted_charger_has_no_issues() -> None:
    board = Board()
    board.board.report(IssueKey.CSMS_REFUSED, "CP1", START)
    board.board.report(IssueKey.CHARGER_SILENT, "CP1", START)
    board.board.report(IssueKey.CSMS_REFUSED, "CP2", START)
    board.board.withdraw_all("CP1")

    assert ["CP2"] == [issue.charge_point_id for issue in board.board.issues]
    assert 4 == len(board.told)


def test_the_issues_of_a_muted_charger_are_not_shown() -> None:
    """They come and go unseen, and those that are left are shown when it is heard again."""
    board = Board()
    board.board.report(IssueKey.CSMS_REFUSED, "CP1", START)
    board.board.report(IssueKey.CSMS_REFUSED, "CP2", START)
    board.board.mute("CP1", muted=True)
    board.board.mute("CP1", muted=True)
    board.board.report(IssueKey.CHARGER_SILENT, "CP1", START)
    board.board.withdraw(IssueKey.CSMS_REFUSED, "CP1")
    muted = board.board.issues
    board.board.mute("CP1", muted=False)

    assert [1, 2, 1, 2] == [len(issues) for issues in board.told]
    assert ["CP2"] == [issue.charge_point_id for issue in muted]
    assert [IssueKey.CSMS_REFUSED, IssueKey.CHARGER_SILENT] == [
        issue.key for issue in board.board.issues
    ]


def test_what_was_not_reported_for_long_is_withdrawn() -> None:
    board = Board()
    for minute in (0, 5):
        at = START + timedelta(minutes=minute)
        board.board.report(IssueKey.DUPLICATE_CHARGER, "CP1", at)
    board.board.report(IssueKey.DUPLICATE_CHARGER, "CP2", START)
    board.board.report(IssueKey.CSMS_REFUSED, "CP2", START)
    board.board.withdraw_old(IssueKey.DUPLICATE_CHARGER, START + timedelta(minutes=1))

    left = [(issue.key, issue.charge_point_id) for issue in board.board.issues]

    assert [(IssueKey.DUPLICATE_CHARGER, "CP1"), (IssueKey.CSMS_REFUSED, "CP2")] == left
