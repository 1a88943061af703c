from django.apps import AppConfig


class ResultsConfig(AppConfig):
    name = "zikao.stages.results"
    label = "results"

    def ready(self) -> None:
        from zikao.stages.entries.passed import answer_passed
        from zikao.stages.results.queries import passed_course_codes

        answer_passed(passed_course_codes)
