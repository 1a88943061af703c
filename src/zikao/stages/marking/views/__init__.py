"""Pages of marking: papers, keys, cards, doubts, the marking desk."""

from zikao.foundation.pages import tell

tell(
    **{
        "marking.questions-registered": "登记试题",
        "marking.key-entered": "录入正确选项",
        "marking.key-signed": "审核签字正确选项",
        "marking.scans-received": "接收答题卡扫描图像",
        "marking.cards-read": "识读答题卡",
        "marking.readings-compared": "比对两次识读",
        "marking.doubts-ruled": "裁定存疑",
        "marking.card-placed": "认定搁置答题卡",
        "marking.data-correction-proposed": "登记非作答数据修改",
        "marking.data-correction-confirmed": "确认非作答数据修改",
        "marking.data-correction-refused": "不予修改非作答数据",
        "marking.marker-appointed": "聘任评卷员",
        "marking.scripts-opened": "答卷编密号待评",
        "marking.rubric-made": "制定评分细则",
        "marking.script-taken": "领取答卷",
        "marking.mark-given": "评分",
        "marking.objective-scored": "选择题评分",
        "marking.totalled": "合分",
    }
)
