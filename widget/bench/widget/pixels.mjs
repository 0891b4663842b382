// How many pixels of two pictures differ so much that somebody could see it: edges of round things come out a little
// different each time they are drawn.

const VISIBLE_STEPS = 24;

/** Pictures are PNG files as buffers; they are compared by the browser, which can read them. */
export async function differingPixels(browser, one, two) {
  if (one.equals(two)) return 0;
  const page = await browser.newPage();
  const count = await page.evaluate(async ([pictures, steps]) => {
    const [first, second] = await Promise.all(
      pictures.map(async (picture) => {
        const image = await createImageBitmap(await (await fetch(`data:image/png;base64,${picture}`)).blob());
        const context = new OffscreenCanvas(image.width, image.height).getContext('2d');
        context.drawImage(image, 0, 0);
        return context.getImageData(0, 0, image.width, image.height).data;
      }),
    );
    if (first.length !== second.length) return Math.max(first.length, second.length) / 4;
    let count = 0;
    for (let at = 0; at < first.length; at += 4) if ([0, 1, 2].some((channel) => Math.abs(first[at + channel] - second[at + channel]) > steps)) count += 1;
    return count;
  }, [[one.toString('base64'), two.toString('base64')], VISIBLE_STEPS]);
  await page.close();
  return count;
}
