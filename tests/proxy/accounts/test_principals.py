from oye_proxy.accounts import Scope


def test_each_scope_includes_those_before_it() -> None:
    included = {scope: [other for other in Scope if scope.includes(other)] for scope in Scope}

    assert {
        Scope.READ: [Scope.READ],
        Scope.CONTROL: [Scope.READ, Scope.CONTROL],
        Scope.ADMIN: [Scope.READ, Scope.CONTROL, Scope.ADMIN],
    } == included
