"""People in posts, without accounts: what a command needs to know of who acts."""

from __future__ import annotations

from zikao.foundation.actors import Actor, Post, node_actor

PROVINCE, AREA, COUNTY = "32", "3201", "320102"


def clerk(post: Post = Post.PROVINCE_CLERK, agency_code: str = PROVINCE) -> Actor:
    """A person in a post of an agency; nobody's account."""
    return Actor(name=f"测试{post.label}", post=post, agency_code=agency_code)


def head(agency_code: str = PROVINCE) -> Actor:
    """The head of exam affairs of a province."""
    return clerk(Post.EXAM_AFFAIRS_HEAD, agency_code)


def area_director(agency_code: str = AREA) -> Actor:
    """The director of an exam area."""
    return clerk(Post.AREA_DIRECTOR, agency_code)


def area_clerk(agency_code: str = AREA) -> Actor:
    """The clerk of a prefecture."""
    return clerk(Post.PREFECTURE_CLERK, agency_code)


def county_clerk(agency_code: str = COUNTY) -> Actor:
    """The clerk of a county who registers candidates."""
    return clerk(Post.COUNTY_CLERK, agency_code)


def the_node(agency_code: str = "") -> Actor:
    """The node itself."""
    return node_actor(agency_code)
