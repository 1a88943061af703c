"""Pages of entering: the province's windows, the counter, and the candidate's own."""

from zikao.foundation.pages import tell

tell(
    **{
        "entries.window-opened": "设定报考时间",
        "entries.period-dropped": "撤销分类时段",
        "entries.window-moved": "调整报考时间",
        "entries.entered": "报考课程",
        "entries.entered-in-bulk": "批量报考",
        "entries.withdrawn": "退报课程",
        "entries.paid": "缴纳考试费",
        "entries.paid-in-bulk": "批量登记缴费",
        "entries.list-frozen": "封存报考名册",
        "entries.order-placed": "生成订单",
        "entries.payment-begun": "去支付",
        "entries.orders-asked": "向支付渠道查询订单",
        "entries.gateway-heard": "收到支付通知",
        "entries.gateway-answered": "支付渠道答复到款",
        "entries.holds-released": "释放超时名额",
        "entries.refund-answered": "支付渠道答复退款",
        "entries.ticket-taken": "候场取号",
        "entries.came-in": "候场放行",
        "entries.queue-measured": "候场放行速率",
    }
)
