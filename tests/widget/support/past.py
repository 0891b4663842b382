#!/usr/bin/env python3
"""Gives a server's database a past, for pictures: past.py DATABASE.

Moves each conversation back in time, and adds hours of use over four weeks:
more by day than by night, and less at weekends.
"""
import sqlite3
import sys
import time

HOUR_MS = 3_600_000
DAY_MS = 24 * HOUR_MS


def main() -> None:
    database = sqlite3.connect(sys.argv[1], timeout=10)
    now = int(time.time() * 1000)
    with database:
        keys = [key for (key,) in database.execute("select key from sessions order by key desc")]
        for place, key in enumerate(keys):
            back = place * place * 37 * 60_000 + place * 11 * 60_000
            database.execute(
                "update sessions set created_at = created_at - ?2, last_activity = last_activity - ?2 where key = ?1",
                (key, back),
            )
            moved = ", ".join(f"{name} = {name} - ?2" for name in ("created_at", "first_word_at", "ended_at"))
            database.execute(f"update messages set {moved} where session = ?1", (key, back))
        this_hour = now // HOUR_MS * HOUR_MS
        for back in range(1, 28 * 24):
            add_hour(database, this_hour - back * HOUR_MS, back)


def add_hour(database: sqlite3.Connection, hour: int, back: int) -> None:
    clock = time.gmtime(hour / 1000)
    busy = max(0, 9 - abs(clock.tm_hour - 14)) * (3 if clock.tm_wday < 5 else 1)
    replies = busy * (7 + back * 7919 % 5) // 9
    if replies == 0:
        return
    failed = 1 if back % 41 == 0 else 0
    values = {
        "hour": hour, "bot": "default", "provider": "openai", "model": "gpt-5-mini", "sessions": replies // 3,
        "messages": replies, "failed_replies": failed, "input_tokens": replies * 1900,
        "cached_input_tokens": replies * 600, "output_tokens": replies * 210,
        "thumbs_up": replies // 5, "thumbs_down": replies // 17,
        "first_word_4": replies // 2, "first_word_5": replies - replies // 2,
        "whole_reply_7": replies // 2, "whole_reply_8": replies - replies // 2,
    }
    database.execute(
        f"insert or replace into usage_hours ({', '.join(values)}) values ({', '.join('?' * len(values))})",
        list(values.values()),
    )


main()
