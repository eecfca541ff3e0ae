#!/usr/bin/env bash
# Công đoàn Viên chức tỉnh Lào Cai, năm 2023: phần/tổng (10/11 chỉ tiêu, 56/56 CĐCS), tỷ lệ chỉ nêu bằng phần trăm
# (trên 90%, 95%, 100%) được giữ nguyên như nguồn, và các số phát sinh trong năm.
# Chạy trên sổ mới: một tệp tạm, hoặc tệp chưa có đặt trong UCLI_DB.
set -euo pipefail

export UCLI_DB="${UCLI_DB:-$(mktemp -d)/vien-chuc-2023.db}"
if [ -e "$UCLI_DB" ]; then
  echo "$UCLI_DB đã có: ví dụ chỉ ghi vào sổ mới. Bỏ UCLI_DB, hoặc đặt tên một tệp chưa có." >&2
  exit 5
fi
cdvc="Công đoàn Viên chức tỉnh Lào Cai"
nguon="Bài báo về hội nghị ngày 25/12/2023"

ucli init --office "LĐLĐ tỉnh Lào Cai"
# Ghi một lượt: mọi dòng, hoặc không dòng nào
ucli batch --atomic <<HET
add-unit "$cdvc" --kind sector --parent "LĐLĐ tỉnh Lào Cai" --code CDVC

# Chỉ tiêu năm: 10/11 đạt và vượt; chỉ tiêu còn lại (ủng hộ quỹ) đạt 95% kế hoạch
add-figure targets-met 10/11                       --unit "$cdvc" --period 2023 --source "$nguon"
add-figure welfare-fund-raised 95%                 --unit "$cdvc" --period 2023 --source "$nguon"

# Tuyên truyền, học tập
add-figure unions-informed 56/56                   --unit "$cdvc" --period 2023 --source "$nguon"
add-figure communication-sessions 224              --unit "$cdvc" --period 2023 --source "$nguon"
add-figure communication-attendances "trên 9.600"  --unit "$cdvc" --period 2023 --source "$nguon"
add-figure further-training 3.766                  --unit "$cdvc" --period 2023 --source "$nguon"

# Dân chủ ở cơ sở, chăm lo
add-figure staff-conference-share 100%             --unit "$cdvc" --period 2023 --source "$nguon"
add-figure members-supported 402                   --unit "$cdvc" --period 2023 --source "$nguon"
add-figure shelter-houses 1                        --unit "$cdvc" --period 2023 --source "$nguon"

# Thi đua
add-figure emulation-share "trên 90%"              --unit "$cdvc" --period 2023 --source "$nguon"
add-figure initiatives 554                         --unit "$cdvc" --period 2023 --source "$nguon"
add-figure women-two-good-share 95%                --unit "$cdvc" --period 2023 --source "$nguon"

# Khen thưởng
add-figure collectives-commended 21                --unit "$cdvc" --period 2023 --source "$nguon"
add-figure individuals-commended 112               --unit "$cdvc" --period 2023 --source "$nguon"
add-figure initiative-collectives-commended 5      --unit "$cdvc" --period 2023 --source "$nguon"
HET

ucli report --unit "$cdvc" --period 2023 --decimals 0
