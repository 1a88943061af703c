"""What candidates find in the tabs of their portal."""

from zikao.portals.navigation.links import Links

CANDIDATE: Links = (
    ("首页", "portals:candidate-home"),
    ("准考证", "candidates:mine"),
    ("亲属申报", "personnel:my-kin"),
    ("报考", "entries:mine"),
    ("通知单", "seating:my-notices"),
    ("成绩", "results:mine"),
    ("考籍", "records:mine"),
    ("转考", "transfers:mine"),
    ("毕业", "graduation:mine"),
)
