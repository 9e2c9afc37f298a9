from centres.factories import *
from centres.models import *
from centres.tests.admin_forms import *


def test_a(small_site, admin_client, client):
    c = CentrePageFactory(parent=small_site.centres)
    u = create_url(small_site.centres, CentrePage)
    d = shown_form(admin_client, u, CentrePage)
    fill(d, title="Foo", slug="foo", short_name="Foo", summary="s", stage="planned")
    add_row(d, "milestones", title="M1", date="2030-01-01", precision="year", state="expected", change_reason="")
    r = send(admin_client, u, d)
    print(r.status_code, r.headers.get("Location"))
    p = CentrePage.objects.get(slug="foo")
    print([(m.pk, m.key, m.date_text) for m in p.milestones.all()])
    for year, reason in (("2031", ""), ("2031", "because"), ("2032", "because"), ("2032", "again")):
        d = shown_form(admin_client, edit_url(p), CentrePage)
        print({k: v for k, v in d.items() if k.startswith("milestones")})
        fill(d, **{"milestones-0-date": f"{year}-01-01", "milestones-0-change_reason": reason})
        r = send(admin_client, edit_url(p), d)
        print(r.status_code)
        p.refresh_from_db()
        p = CentrePage.objects.get(pk=p.pk)
        print([(m.pk, m.key, m.date_text, m.earlier_dates) for m in p.milestones.all()])
    print(client.get(p.url).content.decode()[-6000:])


def test_dup(small_site, admin_client, client):
    c = CentrePageFactory(parent=small_site.centres)
    s = ServicePageFactory(parent=small_site.services)
    CentreServicePageFactory(parent=c, service=s)
    u = create_url(c, CentreServicePage)
    d = shown_form(admin_client, u, CentreServicePage)
    print(sorted(d))
    fill(d, service=s.pk, note="keep this")
    r = send(admin_client, u, d, "")
    print(r.status_code)


def test_dup_publish(small_site, admin_client, client):
    c = CentrePageFactory(parent=small_site.centres)
    s = ServicePageFactory(parent=small_site.services)
    CentreServicePageFactory(parent=c, service=s)
    u = create_url(c, CentreServicePage)
    d = shown_form(admin_client, u, CentreServicePage)
    fill(d, service=s.pk, note="keep this")
    r = send(admin_client, u, d)
    print(r.status_code)


def test_dup_preview(small_site, admin_client, client):
    c = CentrePageFactory(parent=small_site.centres)
    s = ServicePageFactory(parent=small_site.services)
    CentreServicePageFactory(parent=c, service=s)
    u = create_url(c, CentreServicePage)
    d = shown_form(admin_client, u, CentreServicePage)
    fill(d, service=s.pk, note="keep this")
    r = preview(admin_client, u, d)
    print(r.status_code)
