// One page of a visitor of their own, with its frames of other sites, each in a process and a session of its own.

/** What a figure is taken on. */
export const PROFILES = {
  loopback: { width: 1280, height: 800 },
  phone: { width: 390, height: 844, isMobile: true, slowdown: 4 },
};

/** `scripts` run in the page and in each frame before anything else there. */
export async function openPage(wire, { profile = PROFILES.loopback, scripts = [] } = {}) {
  const { browserContextId } = await wire.send('Target.createBrowserContext', { disposeOnDetach: true });
  const { targetId } = await wire.send('Target.createTarget', { url: 'about:blank', browserContextId });
  const { sessionId } = await wire.send('Target.attachToTarget', { targetId, flatten: true });
  const page = { sessionId, frames: [], isFrameLoaded: false, problems: [] };
  page.send = (method, params, session = sessionId) => wire.send(method, params, session);
  const deafen = wire.listen((method, params, session) => {
    if (method === 'Target.attachedToTarget' && (session === sessionId || page.frames.includes(session))) {
      page.frames.push(params.sessionId);
      prepare(page, params.sessionId, profile, scripts).catch((error) => page.problems.push(error));
    }
    // A question to a frame that has no document yet is never answered.
    if (method === 'Page.domContentEventFired' && page.frames.includes(session)) page.isFrameLoaded = true;
    if (method === 'Target.detachedFromTarget') page.frames = page.frames.filter((frame) => frame !== params.sessionId);
  });
  await prepare(page, sessionId, profile, scripts);
  page.evaluate = (call, ...values) => evaluate(page, sessionId, call, values);
  page.inFrame = (call, ...values) => evaluate(page, page.frames.at(-1), call, values);
  page.goto = (url) => page.send('Page.navigate', { url });
  page.close = async () => {
    deafen();
    await wire.send('Target.disposeBrowserContext', { browserContextId });
    if (page.problems.length > 0) throw page.problems[0];
  };
  return page;
}

async function prepare(page, session, { width, height, isMobile = false, slowdown }, scripts) {
  const isMain = session === page.sessionId;
  const send = (method, params) => page.send(method, params, session);
  const steps = [send('Page.enable'), send('Target.setAutoAttach', { autoAttach: true, waitForDebuggerOnStart: true, flatten: true })];
  for (const source of scripts) steps.push(send('Page.addScriptToEvaluateOnNewDocument', { source }));
  if (slowdown) steps.push(send('Emulation.setCPUThrottlingRate', { rate: slowdown }));
  if (isMain) steps.push(send('Emulation.setDeviceMetricsOverride', { width, height, deviceScaleFactor: isMobile ? 2 : 1, mobile: isMobile }));
  if (isMobile) steps.push(send('Emulation.setTouchEmulationEnabled', { enabled: true, maxTouchPoints: 1 }));
  steps.push(send('Runtime.runIfWaitingForDebugger'));
  await Promise.all(steps);
}

/** Runs a function with plain values in a page or frame and answers with what it returns. */
async function evaluate(page, session, call, values) {
  const expression = `(${call})(...${JSON.stringify(values)})`;
  const { result, exceptionDetails } = await page.send('Runtime.evaluate', { expression, awaitPromise: true, returnByValue: true }, session);
  if (exceptionDetails) throw new Error(exceptionDetails.exception?.description ?? exceptionDetails.text);
  return result.value;
}
