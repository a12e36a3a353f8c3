"""GAN Atelier: the router. Run it with `streamlit run app.py`."""

import streamlit as st

from gan_core import settings
from pages import startup

ICON = str(settings.ROOT / "static" / "icon.svg")  # whatever folder the server was started in

st.set_page_config(page_title="GAN Atelier", page_icon=ICON, layout="wide")
st.logo(ICON, size="large")
startup.prepare()

page = st.navigation(
    {
        "Learn": [st.Page("pages/home/page.py", title="Gallery", icon=":material/gallery_thumbnail:", default=True)],
        "Train": [st.Page("pages/training_lab/page.py", url_path="lab", title="Training lab", icon=":material/model_training:")],
        "Explore": [
            st.Page("pages/latent_space/page.py", url_path="latent", title="Latent space", icon=":material/tune:"),
            st.Page("pages/digits_on_request/page.py", url_path="digits", title="Digits on request", icon=":material/dialpad:"),
            st.Page("pages/discriminator/page.py", url_path="judge", title="The discriminator", icon=":material/visibility:"),
        ],
        "Compare": [st.Page("pages/compare/page.py", url_path="runs", title="Compare", icon=":material/compare_arrows:")],
    }
)
page.run()
startup.settle()
startup.warm_later()
