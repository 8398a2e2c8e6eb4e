// A form of an episode: fields, a button, and the block that the kernel answers with. No request leaves this page.
function field(spec, id) {
  const row = document.createElement("div");
  row.style.margin = "0.3em 0";
  if (spec.kind === "choice") {
    const group = document.createElement("fieldset");
    group.style.border = "none";
    group.style.padding = "0";
    const legend = document.createElement("legend");
    legend.textContent = spec.label;
    group.append(legend);
    spec.choices.forEach((choice, index) => {
      const label = document.createElement("label");
      const input = document.createElement("input");
      Object.assign(input, { type: "radio", name: id, value: choice, id: `${id}-${index}` });
      label.append(input, ` ${choice}`);
      label.style.marginRight = "1.2em";
      group.append(label);
    });
    row.append(group);
    return [row, () => group.querySelector("input:checked")?.value ?? null];
  }
  const label = document.createElement("label");
  label.htmlFor = id;
  label.textContent = `${spec.label} `;
  const input = document.createElement(spec.kind === "text" ? "textarea" : "input");
  input.id = id;
  if (spec.kind === "text") {
    Object.assign(input, { rows: 2, value: spec.value ?? "" });
    Object.assign(input.style, { width: "100%", boxSizing: "border-box" });
  } else {
    Object.assign(input, { type: "number", step: "any", inputMode: "decimal" });
  }
  row.append(label, input);
  const read = spec.kind === "text" ? () => input.value : () => (input.value === "" ? null : Number(input.value));
  return [row, read];
}

function render({ model, el }) {
  // Every form loads a copy of this file, so that a counter would give several forms the same names.
  const mark = `qsm-form-${Math.random().toString(36).slice(2)}`;
  const form = document.createElement("form");
  const readers = {};
  model.get("fields").forEach((spec, index) => {
    const [row, read] = field(spec, `${mark}-${index}`);
    form.append(row);
    readers[spec.name] = read;
  });
  const button = document.createElement("button");
  Object.assign(button, { type: "submit", textContent: "Answer" });
  form.append(button);
  const reply = document.createElement("div");
  reply.setAttribute("role", "status");
  reply.setAttribute("aria-live", "polite");
  let count = 0;
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const entered = { count: (count += 1) };
    for (const [name, read] of Object.entries(readers)) entered[name] = read();
    model.set("entered", entered);
    model.save_changes();
  });
  // Notebooks have shortcuts of their own, which must not see what is typed here.
  form.addEventListener("keydown", (event) => event.stopPropagation());
  const show = () => { reply.innerHTML = model.get("shown"); };
  model.on("change:shown", show);
  show();
  el.append(reply, form);
  return () => model.off("change:shown", show);
}

export default { render };
