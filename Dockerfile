# Stage 1: an environment with everything the dashboard needs, the embedded model included.
FROM python:3.11-slim AS build
# The CPU build of torch keeps the image small; for CUDA give --build-arg TORCH_INDEX=https://pypi.org/simple
ARG TORCH_INDEX=https://download.pytorch.org/whl/cpu
WORKDIR /src
RUN python -m venv /opt/venv
ENV PATH=/opt/venv/bin:$PATH
COPY requirements.txt ./
RUN pip install --no-cache-dir --index-url "$TORCH_INDEX" "$(grep '^torch==' requirements.txt)" \
    && pip install --no-cache-dir -r requirements.txt
COPY pyproject.toml README.md LICENSE app.py ./
COPY .streamlit .streamlit
COPY assets assets
COPY pages pages
COPY xsb_core xsb_core
RUN pip install --no-cache-dir --no-deps .

# Stage 2: the environment, run by an ordinary user.
FROM python:3.11-slim
RUN useradd --create-home --uid 1000 xsb
COPY --from=build /opt/venv /opt/venv
WORKDIR /home/xsb
USER xsb
ENV PATH=/opt/venv/bin:$PATH \
    HF_HOME=/home/xsb/.cache/huggingface \
    PYTHONUNBUFFERED=1
EXPOSE 8501
# Streamlit answers 200 on unknown paths too, so ask for exactly its health path.
HEALTHCHECK --interval=30s --timeout=5s --start-period=60s CMD ["python", "-c", \
    "import urllib.request as r; assert r.urlopen('http://localhost:8501/_stcore/health', timeout=4).read() == b'ok'"]
CMD ["xsb", "app", "--address=0.0.0.0", "--port=8501", "--no-browser"]
