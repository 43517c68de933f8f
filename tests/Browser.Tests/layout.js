// What a reader would see at once: charts without size, words over words, words outside their chart, and a page that is wider
// than the screen.
() => {
  const problems = [];
  for (const svg of document.querySelectorAll("svg")) {
    const frame = svg.getBoundingClientRect();
    if (frame.width < 100 || frame.height < 40) problems.push(`chart of ${frame.width} x ${frame.height}: ${svg.getAttribute("aria-label")}`);
    const words = [...svg.querySelectorAll("text")].map((node) => ({ node, box: node.getBoundingClientRect() }));
    words.forEach(({ node, box }, i) => {
      const text = node.firstChild.textContent;
      if (box.left < frame.left - 1 || box.right > frame.right + 1 || box.top < frame.top - 1 || box.bottom > frame.bottom + 1) problems.push(`outside its chart: ${text}`);
      for (const other of words.slice(i + 1)) {
        const wide = Math.min(box.right, other.box.right) - Math.max(box.left, other.box.left);
        const high = Math.min(box.bottom, other.box.bottom) - Math.max(box.top, other.box.top);
        if (wide > 1 && high > 3) problems.push(`over one another: ${text} and ${other.node.firstChild.textContent}`);
      }
    });
    for (const path of svg.querySelectorAll("path.line")) {
      const box = path.getBoundingClientRect();
      if (box.width + box.height < 1) problems.push(`a line without length: ${path.textContent}`);
    }
  }
  const page = document.documentElement;
  if (page.scrollWidth > page.clientWidth) problems.push(`the page is ${page.scrollWidth} wide on a screen of ${page.clientWidth}`);
  for (const node of document.querySelectorAll("script, iframe, img, object, link")) problems.push(`a <${node.localName}> in the page`);
  return problems;
}
