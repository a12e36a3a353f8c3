"""GAN Atelier: the router. Run it with `streamlit run app.py`."""

import streamlit as st

from pages.parts import startup

st.set_page_config(page_title="GAN Atelier", page_icon="static/icon.svg", layout="wide")
st.logo("static/icon.svg", size="large")
startup.prepare()

page = st.navigation(
    {
        "Learn": [st.Page("pages/learn/home.py", title="Gallery", icon=":material/gallery_thumbnail:", default=True)],
        "Train": [st.Page("pages/train/lab.py", title="Training lab", icon=":material/model_training:")],
        "Explore": [
            st.Page("pages/explore/latent.py", title="Latent space", icon=":material/tune:"),
            st.Page("pages/explore/digits.py", title="Digits on request", icon=":material/dialpad:"),
            st.Page("pages/explore/judge.py", title="The discriminator", icon=":material/visibility:"),
        ],
        "Compare": [st.Page("pages/compare/runs.py", title="Compare", icon=":material/compare_arrows:")],
    }
)
page.run()
startup.settle()
startup.warm_later()
