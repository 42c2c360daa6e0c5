/* A clinic's own colour, moved only as far as it takes to stay readable. */

/** {light, dark}: *colour* as it can be read on the light and the dark panel; null where it is no colour. */
export function accents(colour, probe) {
  if (!CSS.supports("color", colour)) return null;
  probe.style.color = colour;
  const computed = getComputedStyle(probe).color;
  probe.style.color = "";
  if (!computed.startsWith("rgb")) return null;
  const rgb = computed.match(/[\d.]+/g).slice(0, 3).map(Number);
  const light = readable(rgb, [246, 248, 246], [0, 0, 0]);
  const dark = readable(rgb, [30, 39, 38], [255, 255, 255]);
  return { light: css(light), dark: css(dark) };
}

function readable(rgb, behind, towards) {
  for (let step = 0; step <= 20; step += 1) {
    const mixed = rgb.map((part, i) => part + (towards[i] - part) * step * 0.05);
    if (contrast(mixed, behind) >= 4.7) return mixed;
  }
  return towards;
}

/** Contrast of two colours as WCAG 2 defines it, 1 to 21. */
function contrast(one, other) {
  const [low, high] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (high + 0.05) / (low + 0.05);
}

function luminance(rgb) {
  const [r, g, b] = rgb.map((part) => {
    const share = part / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

const css = (rgb) => `rgb(${rgb.map(Math.round).join(" ")})`;
