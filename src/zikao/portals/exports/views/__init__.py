"""Pages of exports."""

from zikao.foundation.pages import tell

tell(
    **{
        "exports.requested": "申请导出",
        "exports.made": "生成导出文件",
        "exports.not-made": "没有生成导出文件",
        "exports.collected": "领取导出文件",
        "exports.expired": "关闭过期的导出",
        "exports.traced": "识别水印",
    }
)
