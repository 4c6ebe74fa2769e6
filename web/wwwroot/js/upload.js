// Sends files to the API as they are on the disk: no copy in memory, no detour over the page's own connection.
let going = null, stopped = false;

const one = (file, url, page, number) => new Promise(done => {
  const request = new XMLHttpRequest();
  let told = 0;
  going = request;
  request.open("PUT", url);
  request.setRequestHeader("Content-Type", file.type || "application/octet-stream");
  request.upload.onprogress = event => {
    // Four times a second is what a person can read.
    const now = performance.now();
    if (now - told < 250 && event.loaded < event.total) return;
    told = now;
    page.invokeMethodAsync("Progress", number, event.loaded, event.total);
  };
  const end = (status, text) => page.invokeMethodAsync("Ended", number, status, text).then(done, done);
  request.onload = () => end(request.status, request.responseText.slice(0, 20000));
  request.onerror = () => end(0, "");
  request.onabort = () => end(-1, "");
  request.send(file);
});

// One after the other: a phone's line is narrow, and the order is that in which they were chosen.
// Returns at once: a large file takes longer than a call from the server may.
export function send(inputId, base, description, most, page) {
  all(inputId, base, description, most, page).finally(() => page.invokeMethodAsync("Over").catch(() => { /* the page is gone */ }));
}

async function all(inputId, base, description, most, page) {
  const input = document.getElementById(inputId);
  const files = [...(input?.files ?? [])].slice(0, 20);
  const first = await page.invokeMethodAsync("Begin", files.map(f => f.name || "photo.jpg"), files.map(f => f.size));
  stopped = false;
  for (const [i, file] of files.entries()) {
    if (stopped) await page.invokeMethodAsync("Ended", first + i, -1, "");
    else if (file.size > most) await page.invokeMethodAsync("Ended", first + i, 413, "");
    else await one(file, `${base}/${encodeURIComponent(file.name || "photo.jpg")}?description=${encodeURIComponent(description)}`, page, first + i);
  }
  going = null;
  if (input) input.value = "";
}

export function stop() {
  stopped = true;
  going?.abort();
}
