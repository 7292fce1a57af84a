"""How PostgreSQL finds due rows among very many: along the partial index, whatever else the table holds."""

from datetime import UTC, datetime, timedelta

from sqlalchemy.dialects.postgresql.asyncpg import dialect

from bot.store.engine import Database
from bot.store.outbox_claim import CLAIM, LOOP_SPAN

NOW = datetime(2026, 3, 1, 8, 0, tzinfo=UTC)
ROWS = 100_000
FILL = """
    INSERT INTO outbox (channel, chat_id, kind, priority, body, due_at, created_at, state)
    SELECT 'telegram', (n % 50000)::text, 'announcement', 2, '{"text": "x", "buttons": []}', $1::timestamptz, $1,
           CASE WHEN n % 10 = 0 THEN 'waiting' ELSE 'sent' END
    FROM generate_series(1, $2::int) n
"""


async def test_claim_walks_along_its_partial_index(database: Database) -> None:
    compiled = CLAIM.compile(dialect=dialect())  # type: ignore[no-untyped-call]
    which = {"now": NOW, "lately": NOW - LOOP_SPAN, "on_channel": "telegram", "replies": 10, "bulk": 10}
    values = compiled.construct_params(which)
    connection = await database.connect()
    try:
        await connection.execute(FILL, NOW - timedelta(minutes=1), ROWS)
        await connection.execute("ANALYZE outbox")
        async with connection.transaction():
            for setting in ("enable_seqscan", "enable_hashjoin", "enable_mergejoin"):
                await connection.execute(f"SELECT set_config('{setting}', 'off', true)")
            asked = [values[name] for name in compiled.positiontup or ()]
            lines = await connection.fetch(f"EXPLAIN (ANALYZE, COSTS OFF) {compiled}", *asked)
    finally:
        await connection.close()
    plan = "\n".join(line[0] for line in lines)
    assert plan.count("using ix_outbox_due on outbox") == 3, plan
    assert "Seq Scan on outbox" not in plan, plan
    assert "using ix_outbox_chat_order" in plan, plan
