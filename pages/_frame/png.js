// The browser already holds the figure, with fonts for any script; its own camera takes the picture.
export default function ({ data, parentElement }) {
  const button = parentElement.querySelector("button");
  button.textContent = data.label;
  button.onclick = () => {
    const camera = document.querySelector(
      `.st-key-${data.chart} .modebar-btn[data-attr="toImage"], ` +
      `.st-key-${data.chart} .modebar-btn[data-title*="png" i]`
    );
    if (!camera) return;
    // the camera saves what its chart's settings say at that moment
    const context = camera.closest(".js-plotly-plot")._context;
    const kept = context.toImageButtonOptions;
    context.toImageButtonOptions = { ...kept, format: data.format };
    camera.dispatchEvent(new MouseEvent("click", { bubbles: true }));
    context.toImageButtonOptions = kept;
  };
}
