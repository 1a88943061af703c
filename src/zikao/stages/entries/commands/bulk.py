"""Many wishes at once, judged by the same law in one statement; the agreement with the rules is tested."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import IntegrityError, connection

from zikao.foundation.actors import Actor
from zikao.foundation.clock import local_day
from zikao.foundation.commands import Outcome, command
from zikao.foundation.crypto import sm3
from zikao.foundation.errors import Conflict
from zikao.foundation.regulation import parameter
from zikao.stages.candidates.queries import accommodations_on, suspended_indexes
from zikao.stages.candidates.states import IN_REGISTER
from zikao.stages.entries import policies, queries
from zikao.stages.entries.commands.holding import held_until
from zikao.stages.entries.commands.locks import window_shared
from zikao.stages.entries.models import EntryWindow
from zikao.stages.entries.passed import moved_by_candidate, passed_by_candidate, replaced_by_candidate
from zikao.stages.entries.rules import FEE, WINDOW
from zikao.stages.entries.states import BulkEntered, Category, EntryRow, RefusedRow
from zikao.stages.programmes import queries as programmes

_ENTER = """
WITH wish AS (
    SELECT * FROM unnest(%(people)s::bigint[], %(papers)s::bigint[], %(areas)s::text[])
    WITH ORDINALITY AS w(candidate_id, paper_id, area_code, n)
),
passed AS (
    SELECT * FROM unnest(%(passed_people)s::bigint[], %(passed_codes)s::text[]) AS p(candidate_id, code)
),
moved AS (
    SELECT * FROM unnest(%(moved_people)s::bigint[], %(moved_areas)s::text[]) AS m(candidate_id, area)
),
standing AS (
    SELECT candidate_id, paper_id, unit_id FROM entries_entry
    WHERE sitting_id = %(sitting)s AND state IN ('entered', 'paid')
),
in_unit AS (SELECT candidate_id, unit_id, count(*) AS n FROM standing GROUP BY 1, 2),
in_all AS (SELECT candidate_id, count(*) AS n FROM standing GROUP BY 1),
suspended AS (
    SELECT DISTINCT id_number_index FROM unnest(%(suspended)s::bytea[]) AS s(id_number_index)
),
planned AS MATERIALIZED (
    SELECT l.major_id, pc.course_id, pc.assess, pc.id AS row_id, pc.plan_id, pc.min_passed, pc.last, l.until,
        coalesce(lag(l.until) OVER (PARTITION BY l.major_id, pc.course_id ORDER BY l.since), '-infinity') AS own_from
    FROM programmes_plancourse pc JOIN programmes_plan l ON l.id = pc.plan_id
    WHERE l.id = ANY(%(open_plans)s::bigint[])
),
wished AS (
    SELECT w.candidate_id, k.code FROM wish w
    JOIN programmes_paper p ON p.id = w.paper_id JOIN programmes_course k ON k.id = p.course_id
),
asked AS (
    SELECT w.n, w.candidate_id, l.row_id, l.plan_id, l.min_passed, l.last FROM wish w
    JOIN programmes_paper p ON p.id = w.paper_id
    JOIN candidates_candidate c ON c.id = w.candidate_id
    JOIN planned l ON l.major_id = c.major_id AND l.course_id = p.course_id
        AND (l.until IS NULL OR l.until > (c.registered_at AT TIME ZONE 'Asia/Shanghai')::date)
    WHERE %(strict_order)s
),
named AS (
    SELECT id AS row_id, after_id AS course_id FROM programmes_plancourse WHERE after_id IS NOT NULL
    UNION SELECT plan_course_id, course_id FROM programmes_prerequisite
),
counted AS (
    SELECT q.candidate_id, s.plan_id, k.code FROM passed q
    JOIN programmes_course k ON k.code = q.code JOIN programmes_plancourse s ON s.course_id = k.id
    WHERE %(strict_order)s
    UNION SELECT * FROM unnest(%(replaced_people)s::bigint[], %(replaced_plans)s::bigint[], %(replaced_codes)s::text[])
        AS r(candidate_id, plan_id, code)
),
done AS (SELECT candidate_id, plan_id, count(*) AS n FROM counted GROUP BY 1, 2),
too_early AS (
    SELECT a.n, a.row_id FROM asked a JOIN named b ON b.row_id = a.row_id JOIN programmes_course k ON k.id = b.course_id
    LEFT JOIN counted q ON q.candidate_id = a.candidate_id AND q.plan_id = a.plan_id AND q.code = k.code
    LEFT JOIN wished v ON v.candidate_id = a.candidate_id AND v.code = k.code
    WHERE q.code IS NULL AND v.code IS NULL
    UNION
    SELECT a.n, a.row_id FROM asked a
    JOIN programmes_plancourse s ON s.plan_id = a.plan_id AND s.id <> a.row_id AND s.group_id IS NULL AND NOT s.last
    JOIN programmes_course k ON k.id = s.course_id
    LEFT JOIN counted q ON q.candidate_id = a.candidate_id AND q.plan_id = a.plan_id AND q.code = k.code
    WHERE a.last AND q.code IS NULL
    UNION
    SELECT a.n, a.row_id FROM asked a LEFT JOIN done d ON d.candidate_id = a.candidate_id AND d.plan_id = a.plan_id
    WHERE a.min_passed > coalesce(d.n, 0)
),
early AS (
    SELECT a.n FROM asked a LEFT JOIN too_early b ON b.n = a.n AND b.row_id = a.row_id
    GROUP BY a.n HAVING count(b.n) = count(*)
),
judged AS MATERIALIZED (
    SELECT w.n, w.candidate_id, w.paper_id, w.area_code, p.unit_id, c.agency_code,
    CASE
        WHEN c.id IS NULL THEN 'candidate-not-found'
        WHEN p.id IS NULL THEN 'paper-not-found'
        WHEN g.id IS NULL THEN 'area-unknown'
        WHEN %(periods)s AND NOT %(open_for)s::text[] && ARRAY[%(military)s,
             CASE WHEN w.candidate_id = ANY(%(assisted)s::bigint[]) THEN 'assisted' END,
             CASE WHEN c.first_sitting_id = %(sitting)s THEN 'first-time' ELSE 'continuing' END] THEN 'period-not-open'
        WHEN x.id_number_index IS NOT NULL THEN 'suspended'
        WHEN %(moves_needed)s AND w.area_code <> left(c.agency_code, 4)
             AND NOT EXISTS (SELECT FROM moved q WHERE q.candidate_id = w.candidate_id AND q.area = w.area_code)
             THEN 'move-within-province-needed'
        WHEN l.assess <> 'written' THEN 'course-not-written'
        WHEN l.course_id IS NULL AND m.id IS NULL AND NOT %(outside_plan)s THEN 'course-outside-plan'
        WHEN s.paper_id IS NOT NULL THEN 'course-entered-already'
        WHEN d.code IS NOT NULL AND NOT %(retake)s THEN 'course-passed-already'
        WHEN y.n IS NOT NULL THEN 'course-before-other'
        WHEN count(*) OVER (PARTITION BY w.candidate_id, p.unit_id) + coalesce(u.n, 0) > 1 THEN 'unit-clash'
        WHEN count(*) OVER (PARTITION BY w.candidate_id) + coalesce(t.n, 0) > %(most)s THEN 'too-many-courses'
    END AS code
    FROM wish w
    LEFT JOIN candidates_candidate c ON c.id = w.candidate_id AND c.state = ANY(%(in_register)s)
        AND c.agency_code >= %(lo)s AND c.agency_code < %(hi)s
    LEFT JOIN programmes_paper p ON p.id = w.paper_id AND p.sitting_id = %(sitting)s
    LEFT JOIN programmes_course k ON k.id = p.course_id
    LEFT JOIN agencies_agency g ON g.code = w.area_code AND g.kind = 'prefecture'
    LEFT JOIN suspended x ON x.id_number_index = c.id_number_index
    LEFT JOIN planned l ON l.major_id = c.major_id AND l.course_id = p.course_id
        AND (c.registered_at AT TIME ZONE 'Asia/Shanghai')::date >= l.own_from
        AND (l.until IS NULL OR l.until > (c.registered_at AT TIME ZONE 'Asia/Shanghai')::date)
    LEFT JOIN programmes_papermajor m ON m.paper_id = p.id AND m.major_id = c.major_id
    LEFT JOIN standing s ON s.candidate_id = w.candidate_id AND s.paper_id = w.paper_id
    LEFT JOIN passed d ON d.candidate_id = w.candidate_id AND d.code = k.code
    LEFT JOIN early y ON y.n = w.n
    LEFT JOIN in_unit u ON u.candidate_id = w.candidate_id AND u.unit_id = p.unit_id
    LEFT JOIN in_all t ON t.candidate_id = w.candidate_id
),
ranked AS (
    SELECT n, row_number() OVER (PARTITION BY unit_id, area_code ORDER BY n) AS rank FROM judged WHERE code IS NULL
),
told AS MATERIALIZED (
    SELECT j.n, j.candidate_id, j.paper_id, j.area_code, j.unit_id, j.agency_code,
    CASE
        WHEN j.code IS NOT NULL THEN j.code
        WHEN r.rank > q.capacity - q.held - q.paid THEN 'no-place-left'
    END AS code
    FROM judged j LEFT JOIN ranked r ON r.n = j.n
    LEFT JOIN entries_places q ON q.unit_id = j.unit_id AND q.area_code = j.area_code AND q.site_code = ''
),
made AS (
    INSERT INTO entries_entry
        (candidate_id, sitting_id, paper_id, unit_id, area_code, agency_code, state, fee_fen, held_until, entered_at)
    SELECT candidate_id, %(sitting)s, paper_id, unit_id, area_code, agency_code, 'entered', %(fee)s, %(until)s, %(at)s
    FROM told WHERE code IS NULL ORDER BY n
    RETURNING 1
)
SELECT 0 AS n, count(*) AS candidate_id, NULL::bigint AS paper_id, NULL AS code FROM made
UNION ALL SELECT n, candidate_id, paper_id, code FROM told WHERE code IS NOT NULL
ORDER BY 1
"""


@command(writes="entries.entered-in-bulk", clauses=("EA-12.3", "EA-13.2"), posts=policies.BULK_ENTERERS)
def enter_many(
    *, rows: Sequence[EntryRow], sitting_code: str, key: str | None = None, by: Actor, at: datetime
) -> Outcome[BulkEntered]:
    """Enter many wishes; those that the law refuses are named one by one, the others stand.

    Source:  EA-12.3, EA-13.2
    Writes:  entries.entered-in-bulk
    Raises:  NotPermitted, NotFound (window), WrongState (frozen), Refused (window), Conflict
    """
    window = window_shared(sitting_code)
    policies.check_window_open(window)
    ways, period = policies.ways_of(window), {"opens_at": window.opens_at, "closes_at": window.closes_at}
    WINDOW(on=local_day(at), at=at, way=policies.way_of(by), ways=ways, **period).require()
    try:
        with connection.cursor() as cursor:
            cursor.execute(_ENTER, _facts(rows, window, by, at))
            (_, entered, _, _), *refused = cursor.fetchall()
    except IntegrityError as error:
        raise Conflict("entered-meanwhile", message="有课程刚刚已经报过。", remedy="请重新导入。") from error
    done = BulkEntered(entered, tuple(RefusedRow(person, paper, code) for _, person, paper, code in refused))
    digest = sm3("\n".join(f"{r.candidate_id},{r.paper_id},{r.area_code}" for r in rows).encode()).hex()
    facts = {"wishes": len(rows), "entered": entered, "refused": len(refused), "digest": digest}
    return Outcome(done, on=f"sitting:{sitting_code}", facts=facts)


def _categories(window: EntryWindow, by: Actor, at: datetime) -> dict[str, Any]:
    open_for = queries.categories_open(window, policies.way_of(by), at)
    return {
        "periods": open_for is not None,
        "open_for": sorted(open_for or ()),
        "assisted": sorted(accommodations_on(local_day(at))) if open_for is not None else [],
        "military": Category.MILITARY.value if settings.ZIKAO_NODE_KIND == "military" else "",
    }


def _facts(rows: Sequence[EntryRow], window: EntryWindow, by: Actor, at: datetime) -> dict[str, Any]:
    day, province = local_day(at), settings.ZIKAO_NODE_CODE
    passed = passed_by_candidate({row.candidate_id for row in rows})
    pairs = [(person, code) for person, codes in passed.items() for code in codes]
    moves = [
        (who, area) for who, areas in moved_by_candidate({row.candidate_id for row in rows}).items() for area in areas
    ]
    strict = bool(parameter("entry-order-enforced").on(day, province=province))
    replaced = replaced_by_candidate(passed, day) if strict else []
    lo, hi = by.scope
    return {
        **_categories(window, by, at),
        "moved_people": [person for person, _ in moves],
        "moved_areas": [area for _, area in moves],
        "moves_needed": parameter("transfer-within-province").on(day, province=province),
        "until": held_until(window, at, is_online=False),
        "people": [row.candidate_id for row in rows],
        "papers": [row.paper_id for row in rows],
        "areas": [row.area_code for row in rows],
        "passed_people": [person for person, _ in pairs],
        "passed_codes": [code for _, code in pairs],
        "replaced_people": [person for person, _, _ in replaced],
        "replaced_plans": [plan for _, plan, _ in replaced],
        "replaced_codes": [code for *_, code in replaced],
        "open_plans": programmes.plans_open_to_some(day, province or None),
        "sitting": window.sitting_id,
        "suspended": suspended_indexes(day),
        "at": at,
        "lo": lo,
        "hi": hi,
        "in_register": [state.value for state in IN_REGISTER],
        "fee": FEE(on=day, province=province),
        "outside_plan": parameter("entry-outside-plan").on(day, province=province),
        "retake": parameter("entry-of-passed-course").on(day, province=province),
        "strict_order": strict,
        "most": parameter("max-courses-per-sitting").on(day, province=province),
    }
