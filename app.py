"""GAN Atelier: the router. Run it with `streamlit run app.py`."""

import streamlit as st

from gan_core import settings
from gan_core.translation import _
from pages import startup
from pages.shared import html, links, visitors

ICON = str(settings.ROOT / "static" / "icon.svg")  # whatever folder the server was started in

st.set_page_config(page_title="GAN Atelier", page_icon=ICON, layout="wide")
st.logo(ICON, size="large")
html.style(settings.ROOT / "pages" / "shared" / "page.css")
startup.prepare()

page = st.navigation(
    [st.Page(p.file, title=_(p.title), icon=p.icon, url_path=p.address or None, default=not p.address) for p in links.PAGES],
    position="top",
)
for complaint in settings.complaints():
    st.error(complaint, icon=":material/settings_alert:")
if missing := startup.unread_settings():
    st.warning(missing, icon=":material/settings_alert:")
if wrong := visitors.greet():
    st.error(wrong, icon=":material/person_alert:")
try:
    page.run()
finally:  # a page may end by st.stop or st.rerun
    startup.settle()
    startup.warm_later()
