"""`/api/log`: the newest lines of the log, and how much is logged."""

from oye_proxy import logs
from oye_proxy.accounts import Scope
from oye_proxy.api.routes import Exchange, Route
from oye_proxy.api.system_models import LogEntry, LogPatch, LogQuery, LogTail


async def show_log(exchange: Exchange) -> LogTail:
    """Answer the newest lines."""
    wanted: LogQuery = exchange.query
    return log_tail(wanted.limit)


async def change_log_level(exchange: Exchange) -> LogTail:
    """Log more or less, at once."""
    patch: LogPatch = exchange.body
    logs.set_level(patch.level)
    return log_tail(0)


def log_tail(limit: int) -> LogTail:
    """Return the newest lines and the level."""
    return LogTail(
        level=logs.level(),
        lines=[
            LogEntry(
                time=line.time,
                level=line.level,
                logger=line.logger,
                message=line.message,
                charger=line.charger,
                exception=line.exception,
            )
            for line in logs.recent(limit)
        ],
    )


ROUTES = (
    Route(
        method="GET",
        path="/api/log",
        handler=show_log,
        scope=Scope.ADMIN,
        summary="The newest lines of the log",
        query=LogQuery,
        answer=LogTail,
    ),
    Route(
        method="PATCH",
        path="/api/log",
        handler=change_log_level,
        scope=Scope.ADMIN,
        summary="Log more or less",
        description="Until the proxy starts again: then the setting `log.level` holds. The answer "
        "has no lines.",
        body=LogPatch,
        answer=LogTail,
    ),
)
