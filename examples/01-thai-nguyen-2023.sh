#!/usr/bin/env bash
# LĐLĐ tỉnh Thái Nguyên, tháng 8/2023: số hiện có tại một ngày (người lao động, đoàn viên, CĐCS, đối tác, khu nhà trọ),
# số phát sinh trong năm (bài dự thi) và tỷ lệ chỉ tiêu nhiệm kỳ mà bài báo chỉ nêu bằng phần trăm.
# Chạy trên sổ mới: một tệp tạm, hoặc tệp chưa có đặt trong UCLI_DB.
set -euo pipefail

export UCLI_DB="${UCLI_DB:-$(mktemp -d)/thai-nguyen-2023.db}"
if [ -e "$UCLI_DB" ]; then
  echo "$UCLI_DB đã có: ví dụ chỉ ghi vào sổ mới. Bỏ UCLI_DB, hoặc đặt tên một tệp chưa có." >&2
  exit 5
fi
tinh="LĐLĐ tỉnh Thái Nguyên"
nguon="Bài báo ngày 20/08/2023"

ucli init --office "$tinh"
# Ghi một lượt: mọi dòng, hoặc không dòng nào
ucli batch --atomic <<HET
# Lực lượng hiện nay: số tại ngày 20/08/2023
add-figure workers-total "trên 230.000" --unit "$tinh" --period 2023-08-20 --source "$nguon"
add-figure members-total 153.456        --unit "$tinh" --period 2023-08-20 --source "$nguon"
add-figure unions-total 1.395           --unit "$tinh" --period 2023-08-20 --source "$nguon"

# Chăm lo: đối tác đã ký thỏa thuận
add-figure welfare-partners 34          --unit "$tinh" --period 2023-08-20 --source "$nguon"

# Thi viết chính luận: từ đầu năm 2023 đến ngày đăng bài
add-figure contest-entries 177          --unit "$tinh" --period 2023-01-01..2023-08-20 --source "$nguon"

# Khu nhà trọ công nhân tự quản
add-figure boarding-areas 6                 --unit "$tinh" --period 2023-08-20 --source "$nguon"
add-figure boarding-residents "trên 1.000"  --unit "$tinh" --period 2023-08-20 --source "$nguon"

# Chỉ tiêu nhiệm kỳ Đại hội XVI "đều đã đạt và vượt": bài báo không nêu số chỉ tiêu, nên chỉ ghi 100%
add-figure term-targets-met 100%        --unit "$tinh" --period 2023 --source "$nguon"
HET

ucli report --period 2023 --as-of 20/8/2023 --decimals 0
