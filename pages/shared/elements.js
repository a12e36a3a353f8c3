// An element with its text and properties; what is in `more` wins.
export const make = (tag, words = "", more = {}) => Object.assign(document.createElement(tag), { textContent: words, ...more })
