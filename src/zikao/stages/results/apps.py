from django.apps import AppConfig


class ResultsConfig(AppConfig):
    name = "zikao.stages.results"
    label = "results"

    def ready(self) -> None:
        from zikao.foundation.jobs.caretaker import chore
        from zikao.stages.candidates.queries.gathering import answer_pass_counts
        from zikao.stages.programmes.queries import answer_demand, answer_passes, answer_people
        from zikao.stages.results import commands  # noqa: F401 - what follows an approval or a filing
        from zikao.stages.results.archive import close_due
        from zikao.stages.results.queries import pass_counts, passes_with_their_way
        from zikao.stages.results.queries.demand import demand_of, people_up_to
        from zikao.stages.results.tasks import compare_from_time_to_time

        chore("close-windows", every_seconds=5.0)(close_due)
        chore("compare-scores", every_seconds=60.0)(compare_from_time_to_time)

        answer_pass_counts(pass_counts)
        answer_demand(demand_of)
        answer_people(people_up_to)
        answer_passes(passes_with_their_way)
