"""Pages of results: the sitting's way to publication, a candidate's scores, lists handed in, the candidate's own."""

from zikao.foundation.pages import tell

tell(
    **{
        "results.collected": "采集成绩",
        "results.approved": "审核签字",
        "results.published": "公布成绩",
        "results.scores-taken-over": "登记原系统移交的成绩",
        "results.assessments-recorded": "登记实践考核与论文成绩",
    }
)
