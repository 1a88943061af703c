"""Pages of entering: the province's windows, the counter, and the candidate's own."""

from zikao.foundation.pages import tell

tell(
    **{
        "entries.window-opened": "设定报考时间",
        "entries.window-moved": "调整报考时间",
        "entries.entered": "报考课程",
        "entries.entered-in-bulk": "批量报考",
        "entries.withdrawn": "退报课程",
        "entries.paid": "缴纳考试费",
        "entries.paid-in-bulk": "批量登记缴费",
        "entries.list-frozen": "封存报考名册",
    }
)
