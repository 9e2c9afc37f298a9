/**
 * Draws the PNG images in img/ from the SVG files in drawings/ with a Chromium on this machine (CHROMIUM names another).
 *
 * Run it only after a drawing has changed: what a browser draws differs from version to version, so the PNG files are
 * committed and `npm run check` compares copies of them rather than drawing them again.
 */

import { execFileSync } from "node:child_process"
import { mkdtempSync, readFileSync, readdirSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { dirname, join } from "node:path"
import { fileURLToPath, pathToFileURL } from "node:url"

const here = dirname(fileURLToPath(import.meta.url))
const profile = mkdtempSync(join(tmpdir(), "bctt-draw-"))

try {
  for (const name of readdirSync(join(here, "drawings")).filter((name) => name.endsWith(".svg"))) {
    const drawing = join(here, "drawings", name)
    const [, width, height] = readFileSync(drawing, "utf8").match(/width="(\d+)" height="(\d+)"/)
    execFileSync(process.env.CHROMIUM ?? "chromium", [
      "--headless",
      "--no-sandbox",
      "--disable-gpu",
      "--disable-background-networking",
      "--hide-scrollbars",
      "--force-device-scale-factor=1",
      `--user-data-dir=${profile}`,
      `--window-size=${width},${height}`,
      `--screenshot=${join(here, "img", name.replace(/\.svg$/, ".png"))}`,
      pathToFileURL(drawing).href
    ], { stdio: "ignore" })
  }
} finally {
  rmSync(profile, { recursive: true, force: true })
}
