import {readFileSync} from "node:fs";
import {join} from "node:path";

interface Package {
  version: string;
  dependencies?: Record<string, string>;
}

const readJson = <T>(path: string) => JSON.parse(readFileSync(path, "utf8")) as T;

/** A build names the study's tables; a preview shows the study in STUDY, or the embedded one. */
const folder = process.env.STRATUM_ARTIFACTS ?? process.env.STUDY ?? (await embedded());
const study = readJson<{title: string; synthetic?: boolean}>(join(folder, "study.json"));

async function embedded(): Promise<string> {
  const {embeddedStudy} = await import("./data-loaders/pipeline/embeddedStudy.js");
  return embeddedStudy(() => {});
}

const escaped = (text: string) => text.replace(/[&<>"]/g, (c) => `&#${c.charCodeAt(0)};`);
const banner = study.synthetic
  ? `<p class="synthetic"><strong>Synthetic data.</strong> No patient in this cohort exists.</p>`
  : "";

/** What the page "methods" names, read where it is installed. */
const shown = [
  "@observablehq/framework",
  "@observablehq/plot",
  "apache-arrow",
  "@duckdb/duckdb-wasm",
  "onnxruntime-node",
  "onnxruntime-web"
];
const versions = Object.fromEntries([
  ["Stratum", readJson<Package>("package.json").version],
  ["Node.js", process.versions.node],
  ...shown.map((name) => [name, readJson<Package>(`node_modules/${name}/package.json`).version])
]);

/** A falling step, drawn in the page's head so that no browser asks for favicon.ico. */
const icon = encodeURIComponent(
  `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 16"><path d="M1 2h5v5h4v4h5" fill="none" stroke="#bd4600" stroke-width="2.5"/></svg>`
);

/**
 * What Framework's own markup leaves out for screen readers: a language, the names of its controls, a list of items only.
 * And the reader's selection goes along from page to page: a link of the list takes over the query of the address it is
 * followed from, but for what pages add of their own. On paper a page ends with its address.
 */
const markup = `<script>
document.documentElement.lang = "en";
addEventListener("DOMContentLoaded", () => {
  document.querySelector("#observablehq-sidebar-toggle")?.setAttribute("aria-label", "Show or hide the list of pages");
  const close = document.querySelector("#observablehq-sidebar-close");
  close?.closest("ol")?.before(close);
});
const onPaper = matchMedia("print");
onPaper.addEventListener("change", () => {
  if (!onPaper.matches) return;
  document.querySelector(".print-address")?.remove();
  const address = document.createElement("p");
  address.className = "print-address";
  address.textContent = "This page, with its selection: " + location.href;
  document.querySelector("#observablehq-main")?.append(address);
});
for (const kind of ["pointerdown", "focusin", "click"]) addEventListener(kind, ({target}) => {
  const link = target.closest?.("#observablehq-sidebar a[href]");
  if (!link || link.origin !== location.origin) return;
  const query = new URLSearchParams(location.search);
  for (const own of ["patient", "sql"]) query.delete(own);
  link.search = query;
}, true);
</script>`;

export default {
  title: study.title,
  root: "src",
  output: process.env.STRATUM_OUTPUT ?? "dist",
  // A loader in one process: the command tsx starts a second one, a dozen times a build.
  interpreters: {".ts": [process.execPath, "--import", "tsx/esm"]},
  pages: [
    {name: "What was found?", path: "/index"},
    {name: "What is my patient's risk?", path: "/nomogram"},
    {name: "How do any two groups differ?", path: "/survival"},
    {name: "Does it hold everywhere?", path: "/subgroups"},
    {name: "Who benefits from what?", path: "/treatment"},
    {name: "What did the network see?", path: "/signatures"},
    {name: "What does it say of my own image?", path: "/predict"},
    {name: "What biology tells the groups apart?", path: "/pathways"},
    {name: "Who are they?", path: "/patients"},
    {name: "Ask anything", path: "/query"},
    {name: "Can I trust and repeat it?", path: "/methods"}
  ],
  head: `<link rel="icon" href="data:image/svg+xml,${icon}"><script type="application/json" id="stratum-software">${JSON.stringify(versions)}</script>${markup}`,
  header: banner || null,
  footer: `${escaped(study.title)}. Made with Stratum; nothing you do here leaves your browser.`,
  // No font, script or style from another host.
  globalStylesheets: [],
  style: "style.css",
  toc: false,
  pager: false,
  search: false,
  preserveExtension: true
};
