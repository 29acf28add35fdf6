export default function ({ data, parentElement }) {
  const button = parentElement.querySelector("button");
  button.textContent = "Copy link";
  button.onclick = async () => {
    await navigator.clipboard.writeText(window.location.href);
    button.textContent = "Copied";
    setTimeout(() => { button.textContent = "Copy link"; }, 1500);
  };
  // what is typed and not yet explained is marked, as what is shown is of other texts; this function
  // is called anew with new texts, and fields are also filled by buttons
  button.explained = data.texts;
  clearInterval(button.looks);
  button.looks = setInterval(() => {
    const fields = [...document.querySelectorAll("[data-testid=stForm] textarea")];
    const other = fields.some((one, at) => one.value !== (button.explained[at] ?? one.value));
    document.body.toggleAttribute("data-edited", other);
  }, 300);
  return () => {
    clearInterval(button.looks);
    document.body.removeAttribute("data-edited");
  };
}
