"""Pages of results: the sitting's way to publication, a candidate's scores, lists handed in, the candidate's own."""

from zikao.foundation.pages import tell

tell(
    **{
        "results.collected": "采集成绩",
        "results.approved": "审核签字",
        "results.published": "公布成绩",
        "results.scores-taken-over": "登记原系统移交的成绩",
        "results.list-approved": "审核签字",
        "results.list-withdrawn": "撤回清单",
        "results.window-requested": "重新申请窗口",
        "results.segment-presented": "出示密码段",
        "results.window-closed": "关闭窗口",
        "results.filed": "写入成绩档案",
        "results.comparison-ordered": "开始对照网上成绩与考籍档案",
        "results.compared": "网上成绩与考籍档案对照完成",
        "results.correction-proposed": "提出成绩更正",
        "results.segment-asked": "申请补发密码段",
        "results.segment-installed": "启用补发的密码段",
        "results.segment-set": "领取密码段",
        "results.segment-changed": "更换密码段",
        "results.assessments-recorded": "登记实践考核与论文成绩",
    }
)
