"""Many wishes judged by the same law in one statement: before they are entered, and as they are."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.db import connection

from zikao.foundation.actors import Actor
from zikao.foundation.clock import local_day
from zikao.foundation.regulation import parameter
from zikao.stages.candidates.kinship import kept_apart
from zikao.stages.candidates.queries import accommodations_on, suspended_indexes
from zikao.stages.candidates.states import IN_REGISTER
from zikao.stages.entries.models import EntryWindow
from zikao.stages.entries.passed import moved_by_candidate, passed_by_candidate, replaced_by_candidate
from zikao.stages.entries.queries.periods import categories_open
from zikao.stages.entries.states import ON_SITE, Category, EntryRow, RefusedRow
from zikao.stages.programmes import queries as programmes

JUDGED = """
WITH wish AS (
    SELECT * FROM unnest(%(people)s::bigint[], %(papers)s::bigint[], %(areas)s::text[], %(pledges)s::boolean[])
    WITH ORDINALITY AS w(candidate_id, paper_id, area_code, pledges, n)
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
    SELECT w.n, w.candidate_id, w.paper_id, w.area_code, w.pledges, p.unit_id, c.agency_code,
    CASE
        WHEN c.id IS NULL THEN 'candidate-not-found'
        WHEN w.candidate_id = ANY(%(apart)s::bigint[]) THEN 'own-relative'
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
        WHEN NOT w.pledges AND NOT EXISTS (SELECT FROM candidates_pledge e
             WHERE e.candidate_id = w.candidate_id AND e.sitting_id = %(sitting)s) THEN 'pledge-missing'
    END AS code
    FROM wish w
    LEFT JOIN candidates_candidate c ON c.id = w.candidate_id AND c.state = ANY(%(in_register)s)
        AND c.agency_code >= %(lo)s AND c.agency_code < %(hi)s
    LEFT JOIN programmes_paper p ON p.id = w.paper_id AND p.sitting_id = %(sitting)s
        AND EXISTS (SELECT FROM programmes_papermajor o WHERE o.paper_id = p.id)
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
    SELECT j.n, j.candidate_id, j.paper_id, j.area_code, j.pledges, j.unit_id, j.agency_code,
    CASE
        WHEN j.code IS NOT NULL THEN j.code
        WHEN r.rank > q.capacity - q.held - q.paid THEN 'no-place-left'
    END AS code
    FROM judged j LEFT JOIN ranked r ON r.n = j.n
    LEFT JOIN entries_places q ON q.unit_id = j.unit_id AND q.area_code = j.area_code AND q.site_code = ''
)
"""
_NAMED = "SELECT candidate_id, paper_id, code FROM told WHERE code IS NOT NULL ORDER BY n"


def refused_of(rows: Sequence[EntryRow], window: EntryWindow, by: Actor, at: datetime) -> tuple[RefusedRow, ...]:
    """Which of these wishes the law refuses now, in their order; nothing is entered."""
    with connection.cursor() as cursor:
        cursor.execute(JUDGED + _NAMED, facts_of(rows, window, by, at))
        return tuple(RefusedRow(person, paper, code) for person, paper, code in cursor.fetchall())


def _categories(window: EntryWindow, at: datetime) -> dict[str, Any]:
    open_for = categories_open(window, ON_SITE, at)
    return {
        "periods": open_for is not None,
        "open_for": sorted(open_for or ()),
        "assisted": sorted(accommodations_on(local_day(at))) if open_for is not None else [],
        "military": Category.MILITARY.value if settings.ZIKAO_NODE_KIND == "military" else "",
    }


def facts_of(rows: Sequence[EntryRow], window: EntryWindow, by: Actor, at: datetime) -> dict[str, Any]:
    """What the law asks of all these wishes, as the parameters of `JUDGED`."""
    day, province = local_day(at), settings.ZIKAO_NODE_CODE
    strict = bool(parameter("entry-order-enforced").on(day, province=province))
    lo, hi = by.scope
    return {
        **_categories(window, at),
        **_history({row.candidate_id for row in rows}, day, strict=strict),
        "apart": list(kept_apart(by, {row.candidate_id for row in rows})),
        "moves_needed": parameter("transfer-within-province").on(day, province=province),
        "people": [row.candidate_id for row in rows],
        "papers": [row.paper_id for row in rows],
        "areas": [row.area_code for row in rows],
        "pledges": [row.pledged for row in rows],
        "open_plans": programmes.plans_open_to_some(day, province or None),
        "sitting": window.sitting_id,
        "suspended": suspended_indexes(day),
        "lo": lo,
        "hi": hi,
        "in_register": [state.value for state in IN_REGISTER],
        "outside_plan": parameter("entry-outside-plan").on(day, province=province),
        "retake": parameter("entry-of-passed-course").on(day, province=province),
        "strict_order": strict,
        "most": parameter("max-courses-per-sitting").on(day, province=province),
    }


def _history(people: set[int], day: date, *, strict: bool) -> dict[str, Any]:
    """What the candidates passed, what that replaces, and where they moved within the province."""
    passed = passed_by_candidate(people)
    pairs = [(person, code) for person, codes in passed.items() for code in codes]
    moves = [(person, area) for person, areas in moved_by_candidate(people).items() for area in areas]
    replaced = replaced_by_candidate(passed, day) if strict else []
    return {
        "moved_people": [person for person, _ in moves],
        "moved_areas": [area for _, area in moves],
        "passed_people": [person for person, _ in pairs],
        "passed_codes": [code for _, code in pairs],
        "replaced_people": [person for person, _, _ in replaced],
        "replaced_plans": [plan for _, plan, _ in replaced],
        "replaced_codes": [code for *_, code in replaced],
    }
