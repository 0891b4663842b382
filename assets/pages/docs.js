// Makes the reference easier to use: find, keys, copy. Without it all is there to read.
(() => {
  const one = (selector, root = document) => root.querySelector(selector);
  const all = (selector, root = document) => [...root.querySelectorAll(selector)];
  const search = one(".search");
  const input = one("#search");
  const found = one("#found");
  const nothing = one(".nothing");
  const operations = all("main [data-operation]").map((node) => ({
    node,
    link: one(`.index [data-operation="${node.id}"]`),
    text: [node.id, one("h3", node), one(".call", node), ...all("dt", node), ...all(":scope > p", node)]
      .map((part) => (typeof part === "string" ? part : part.textContent)).join(" ").toLowerCase(),
  }));
  const groups = all("[data-group]");

  function show() {
    const words = input.value.toLowerCase().split(/\s+/).filter(Boolean);
    let count = 0;
    for (const { node, link, text } of operations) {
      const fits = words.every((word) => text.includes(word));
      count += fits ? 1 : 0;
      node.hidden = !fits;
      link.hidden = !fits;
    }
    for (const group of groups) group.hidden = !one("[data-operation]:not([hidden])", group);
    for (const rest of [one("#errors"), one("#schemas")]) rest.hidden = words.length > 0;
    nothing.hidden = count > 0;
    found.textContent = words.length ? `${count} of ${operations.length} endpoints` : "";
  }

  function clear() {
    input.value = "";
    show();
  }

  search.hidden = false;
  input.addEventListener("input", show);
  input.addEventListener("keydown", (event) => {
    if (event.key === "Escape") clear();
    if (event.key === "Enter") {
      const first = operations.find(({ node }) => !node.hidden);
      if (first) location.hash = first.node.id;
    }
  });
  one("button", nothing).addEventListener("click", () => {
    clear();
    input.focus();
  });
  document.addEventListener("keydown", (event) => {
    const isTyping = event.target.closest("input, textarea");
    if (event.key !== "/" || isTyping || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    input.focus();
    input.select();
  });
  // A link into what is filtered away shows everything again.
  window.addEventListener("hashchange", () => {
    const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
    if (!target?.closest("[hidden]")) return;
    clear();
    target.scrollIntoView();
  });

  if (navigator.clipboard) {
    for (const command of all(".command")) {
      const button = document.createElement("button");
      button.type = "button";
      button.textContent = "Copy";
      button.addEventListener("click", async () => {
        await navigator.clipboard.writeText(one("code", command).textContent);
        button.textContent = "Copied";
        setTimeout(() => { button.textContent = "Copy"; }, 2000);
      });
      command.append(button);
    }
  }
  const contents = one(".index details");
  if (matchMedia("(max-width: 860px)").matches) contents.open = false;
})();
