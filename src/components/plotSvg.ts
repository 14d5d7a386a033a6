import * as Plot from "@observablehq/plot";

/** A plot's picture, which still knows its scales. */
export type PlotSvg = SVGSVGElement & Plot.Plot;

const style = {
  fontSize: "12px",
  fontFamily: "system-ui, sans-serif",
  background: "none",
  color: "var(--ink)",
  whiteSpace: "pre",
  display: "block",
  maxWidth: "100%"
};

/** Plot.plot in the site's letters and colours, as a picture; `ariaLabel` names it, but where it is part of another. */
export function plotSvg(options: Plot.PlotOptions): PlotSvg {
  return plainPicture(Plot.plot({...options, style}));
}

/** The same of a plot that Plot itself has chosen the marks of. */
export function autoPlotSvg(auto: ReturnType<typeof Plot.auto>, options: Plot.PlotOptions): PlotSvg {
  return plainPicture(auto.plot({...options, style}));
}

/**
 * Plot names each of its marks: the whole picture has one name and its parts need none. It also puts a style sheet into
 * every picture, for which the browser restyles the whole page at each drawing: what it says is in `style`.
 */
function plainPicture(plot: (SVGSVGElement | HTMLElement) & Plot.Plot): PlotSvg {
  for (const part of plot.querySelectorAll("[aria-label], [aria-description]"))
    for (const name of ["aria-label", "aria-description"]) part.removeAttribute(name);
  plot.querySelector("style")?.remove();
  plot.removeAttribute("class");
  if (plot.hasAttribute("aria-label")) plot.setAttribute("role", "img");
  return plot as PlotSvg;
}
