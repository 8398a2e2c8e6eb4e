// A figure drawn by Matplotlib and a slider. The kernel has sent every state of the figure beforehand, so that a key
// press only swaps path data: nothing waits for the kernel. Other inputs ask the kernel for a new set of states.
export default {
  render({ model, el }) {
    const make = (name, properties = {}) => Object.assign(document.createElement(name), properties);
    const slider = make("input", { type: "range", step: 1, className: "qsm-slider" });
    const output = make("output");
    const label = make("label");
    const row = make("div", { className: "qsm-inputs" });
    const picture = make("div");
    const numbers = make("div");
    // JupyterLab takes arrow keys away from inputs that do not carry this.
    slider.dataset.lmSuppressShortcuts = "true";
    slider.style.cssText = "width:min(28em,90%);vertical-align:middle;margin:0 0.6em";
    row.style.cssText = "display:flex;flex-wrap:wrap;gap:0.4em 1.4em;margin:0.4em 0";
    // Enter is kept from a field by what listens further out.
    row.addEventListener("keydown", event => event.stopPropagation());
    el.replaceChildren(row, label, output, picture, numbers);

    // A list of names after commas: suggestions complete the last one.
    const suggest = (field, holder, known) => {
      const list = make("datalist", { id: `qsm-${Math.random().toString(36).slice(2)}` });
      field.setAttribute("list", list.id);
      field.addEventListener("input", () => {
        const before = field.value.slice(0, field.value.lastIndexOf(",") + 1);
        list.replaceChildren(...known.map(name => make("option", { value: before ? `${before} ${name}` : name })));
      });
      field.dispatchEvent(new Event("input"));
      holder.append(list);
    };
    const message = make("span");
    message.setAttribute("role", "status");
    message.setAttribute("aria-live", "polite");
    const inputs = model.get("inputs").map(input => {
      const words = "words" in input;
      const field = words ? make("input", { type: "text", value: input.value })
        : make("input", { type: "number", min: input.low, max: input.high, step: input.step, value: input.value });
      field.dataset.lmSuppressShortcuts = "true";
      field.style.width = words ? "22em" : "6em";
      const holder = make("label", { textContent: input.label + " " });
      holder.append(field);
      if (words) suggest(field, holder, input.words);
      row.append(holder);
      field.addEventListener("change", () => {
        const good = field.checkValidity() && field.value !== "";
        field.setAttribute("aria-invalid", String(!good));
        message.textContent = good ? "" : `${input.label}: ${field.validationMessage || "give a value"}`;
        if (!good) return;
        model.set("asked", { ...model.get("asked"), [input.name]: words ? field.value : field.valueAsNumber });
        model.save_changes();
      });
      return field;
    });
    row.hidden = inputs.length === 0;
    row.append(message);

    let paths = {}, title = null, frames = [];
    const show = () => {
      const frame = frames[slider.valueAsNumber];
      for (const [name, data] of Object.entries(frame.paths)) paths[name].setAttribute("d", data);
      title.textContent = frame.description;
      output.textContent = frame.text;
      slider.setAttribute("aria-valuetext", frame.text);
      numbers.innerHTML = frame.table;
    };
    const load = () => {
      const scene = model.get("scene");
      frames = scene.frames;
      picture.innerHTML = scene.svg;
      title = picture.querySelector("desc");
      paths = Object.fromEntries(Object.keys(frames[0].paths).map(
        name => [name, picture.querySelector(`[id$="-${name}"] path`)]));
      slider.min = 0;
      slider.max = frames.length - 1;
      slider.value = scene.start;
      label.replaceChildren(scene.label, slider);
      show();
    };
    slider.addEventListener("input", show);
    model.on("change:scene", load);
    model.on("change:message", () => { message.textContent = model.get("message"); });
    load();
  },
};
