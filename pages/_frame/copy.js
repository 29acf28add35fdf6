export default function ({ data, parentElement }) {
  const button = parentElement.querySelector("button");
  button.textContent = "Copy link";
  button.onclick = async () => {
    await navigator.clipboard.writeText(window.location.href);
    button.textContent = "Copied";
    setTimeout(() => { button.textContent = "Copy link"; }, 1500);
  };
  // what is typed and not yet explained is marked, as what is shown is of other texts
  const edited = () => {
    const typed = [...document.querySelectorAll("[data-testid=stForm] textarea")];
    const other = typed.some((one, place) => one.value !== (data.texts[place] ?? one.value));
    document.body.toggleAttribute("data-edited", other);
  };
  document.addEventListener("input", edited);
  edited();
  return () => {
    document.removeEventListener("input", edited);
    document.body.removeAttribute("data-edited");
  };
}
